"""How a code reaches a phone: by a plug-in, to those phones alone that are somebody's, and without anybody waiting."""

from __future__ import annotations

import threading
import time

import pytest

from api.settings import Settings
from api.signin.delivery import Courier, Message, console, delivery_of
from ledger.errors import Unusable
from tests.signin.house import LEDGER, House

SENT: list[Message] = []


def into_a_list(message: Message) -> None:
    """A plug-in of these stories."""
    SENT.append(message)


@pytest.fixture(autouse=True)
def nothing_sent() -> None:
    """Each story begins with nothing sent."""
    SENT.clear()


def wait_for(count: int) -> list[Message]:
    """What was sent, as soon as it is so many."""
    patience_seconds = time.monotonic() + 10
    while len(SENT) < count and time.monotonic() < patience_seconds:
        time.sleep(0.01)
    return SENT


def test_a_plug_in_is_named_by_module_and_function() -> None:
    assert delivery_of(Settings(code_delivery="tests.signin.test_delivery:into_a_list")) is into_a_list
    assert delivery_of(Settings(code_delivery="console")) is console
    assert delivery_of(Settings(code_delivery="none")) is None


@pytest.mark.parametrize("wanted", ["nowhere.to_be:found", "api.signin.delivery:nothing", "", ":", "sms"])
def test_a_plug_in_that_is_not_there_is_said_at_once(wanted: str) -> None:
    with pytest.raises(Unusable, match="bad_code_delivery"):
        delivery_of(Settings(code_delivery=wanted))


def test_the_code_goes_to_a_phone_that_is_somebodys(house: House) -> None:
    Courier(house.store, into_a_list).take(LEDGER, "桂花社区", "13811110001", "123456", "zh")

    (message,) = wait_for(1)
    assert (message.phone, message.code) == ("13811110001", "123456")
    assert message.text.startswith("【桂花社区】登录验证码 123456，10 分钟内有效")


def test_nothing_goes_to_strangers_nor_to_staff_with_a_password(house: House) -> None:
    house.enrol("zhao")
    courier = Courier(house.store, into_a_list)
    for phone in ("13900000000", "13811110003", "13811110001"):
        courier.take(LEDGER, "桂花社区", phone, "123456", "zh")

    assert [message.phone for message in wait_for(1)] == ["13811110001"]


def test_nobody_waits_for_a_slow_plug_in_nor_hears_of_a_broken_one(house: House) -> None:
    release = threading.Event()

    def slow(message: Message) -> None:
        assert release.wait(20)
        into_a_list(message)
        raise RuntimeError("the gateway is down")

    courier = Courier(house.store, slow)
    for _ in range(2):
        courier.take(LEDGER, "桂花社区", "13811110001", "123456", "zh")
    assert SENT == []
    release.set()
    assert len(wait_for(2)) == 2


def test_in_development_codes_are_printed_where_the_server_runs(capsys: pytest.CaptureFixture[str]) -> None:
    console(Message(LEDGER, "13811110001", "123456", "code 123456", "en"))

    out, err = capsys.readouterr()
    assert (out, err) == ("", "13811110001: code 123456\n")
