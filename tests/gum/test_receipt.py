import pytest

from gum.receipt import confirms, is_receipt, numbered, search_query
from gum.types import Trust
from tests.builders import observation


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("https://www.google.com/search?q=how+to+use+numpy&hl=en", "how to use numpy"),
        ("https://duckduckgo.com/?q=old%20norse", "old norse"),
        ("https://www.youtube.com/results?search_query=sourdough", "sourdough"),
        ("https://example.org/suche?query=B%C3%A4ume", "Bäume"),
        ("https://www.baidu.com/s?wd=%E6%9C%BA%E5%99%A8", "机器"),
        ("https://example.org/article?q=unrelated", None),
        ("https://example.org/search", None),
        ("https://[broken/search?q=x", None),
        ("javascript:search?q=x", None),
        ("", None),
        (None, None),
    ],
)
def test_the_words_of_a_search_are_read_from_addresses_of_result_pages_only(
    url: str | None, query: str | None
) -> None:
    assert search_query(url) == query


@pytest.mark.parametrize(
    "line",
    [
        "Order number: 302-8817264",
        "Booking reference ABX93K",
        "Bestellnummer: 4711-22",
        "订单编号:99887766",
        "order no. #12345",
        "Commande n° 77812",
        "予約番号 AB-1234",
        "Ordernumber: 302-88",
    ],
)
def test_numbers_of_orders_are_recognised(line: str) -> None:
    assert numbered(line)


@pytest.mark.parametrize(
    "line",
    [
        "Thank you for your order!",
        "Your booking is confirmed",
        "Vielen Dank für Ihre Bestellung",
        "Commande confirmée",
        "Reserva confirmada",
        "Ordine confermato",
        "Bedankt voor je bestelling",
        "ご注文ありがとうございます",
        "下单成功",
    ],
)
def test_confirmations_are_recognised_in_many_languages(line: str) -> None:
    assert confirms(line)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your order of attention",
        "Order number: 1234567\nOrder history",
        "Order today and save 1234567 dollars",
        "",
    ],
)
def test_half_a_confirmation_is_none(text: str) -> None:
    assert not is_receipt(observation(text, trust=Trust.READ, title="Shop"))
