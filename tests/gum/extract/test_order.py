import pytest

from gum.extract.order import extract
from gum.types import Trust
from tests.builders import observation

SHOP = (
    "Teahouse\nThank you for your order!\nOrder number: 302-8817264\n1 x Cast iron teapot €49.00\n"
    "Green tea, 200 g  $12.50\nSubtotal $61.50\nShipping $4.00\nTotal $65.50\n"
    "Customers also bought\n1 x Golden kettle €999.00"
)
TRAIN = (
    "Northbound Rail\nYour booking is confirmed\nBooking number: NB-48213\nTrip to Oslo\n"
    "Departure: Friday 4 December 2026, 08:14\nHamburg Hbf to Oslo S\n1 adult, second class, seat 42"
)


def seen(
    text: str, trust: Trust = Trust.READ, title: str = "Order confirmation - Teahouse - Chromium"
) -> list[str]:
    return sorted(d.text for d in extract([observation(text, trust=trust, title=title, app="chromium")]))


def test_what_was_ordered_was_bought_but_not_what_is_recommended_nor_the_sums() -> None:
    assert seen(SHOP) == ["Bought Cast iron teapot from Teahouse", "Bought Green tea, 200 g from Teahouse"]


def test_a_booked_journey_has_a_place_and_a_day() -> None:
    [draft] = extract([observation(TRAIN, trust=Trust.READ, title="Booking confirmed - Northbound Rail")])
    assert dict(draft.slots) == {"place": "Oslo", "date": "Friday 4 December 2026, 08:14"}
    assert draft.valid_until is not None


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Vielen Dank für Ihre Bestellung\nBestellnummer: 4711-22\nArtikel: Wanderschuhe", "Wanderschuhe"),
        ("Commande confirmée\nCommande n° 77812\nProduit : Théière", "Théière"),
        ("ご注文ありがとうございます\n注文番号: 250-1234\n商品: 急須", "急須"),
        ("Thankyou for your order\nThank you for your order\nOrder #: 30288172\nItem: Teapot", "Teapot"),
    ],
)
def test_confirmations_of_other_languages_are_read(text: str, claim: str) -> None:
    [draft] = extract([observation(text, trust=Trust.READ, title="Shop")])
    assert (draft.type, draft.slots["item"]) == ("bought", claim)


@pytest.mark.parametrize("trust", [Trust.ADVERT, Trust.SYSTEM, Trust.RECEIVED])
def test_adverts_notices_and_mails_in_the_shape_of_a_receipt_say_nothing(trust: Trust) -> None:
    assert seen(SHOP, trust) == seen(TRAIN, trust) == []


@pytest.mark.parametrize(
    "text",
    [
        SHOP.replace("Thank you for your order!", "Your basket"),
        SHOP.replace("Order number: 302-8817264", ""),
        "Fly to Oslo from $49! Book today",
        "Your orders\nOrder number: 302-8817\n1 x Teapot",
    ],
)
def test_a_basket_an_offer_and_a_list_of_orders_are_no_confirmations(text: str) -> None:
    assert seen(text, title="Teahouse - Chromium") == []


def test_a_confirmed_order_of_nothing_is_nothing() -> None:
    assert seen("Thank you for your order\nOrder number: 302-8817\nTotal $12.00") == []
