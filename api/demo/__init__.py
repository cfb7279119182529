"""The demo community: fills a ledger with the seeds' own figures by ordinary commands, and prints who may sign in.

May touch the store and the ledger's commands; writes no table and knows nothing of the server.
"""

from api.demo.filling import COMMANDS, fill
from api.demo.run import Progress
from api.demo.signins import SignIn, sign_ins, token_file

__all__ = ["COMMANDS", "Progress", "SignIn", "fill", "sign_ins", "token_file"]
