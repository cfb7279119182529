"""What people sign in by, below the pages: codes, cards, passwords and second factors, links; and their attackers."""
