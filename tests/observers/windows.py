"""Windows as they are found on desktops: what each shipped preset must refuse, and what none of them may.

A line is program, title and, for browsers, address.
"""

from gum.types import WindowInfo
from observers.browsers import is_browser


def window(app: str, title: str, url: str | None = None) -> WindowInfo:
    """A window of these facts that is known not to be private."""
    return WindowInfo(1, app, title, 10, None, url, private=False, browser=is_browser(app))


FIREFOX, CHROMIUM = "firefox", "chromium"

_REFUSED = {
    "own": [("gumption", "Privacy"), ("python3", "Gumption - What is known")],
    "passwords": [
        ("keepassxc", "Passwords.kdbx - KeePassXC"),
        (CHROMIUM, "My vault | Bitwarden Web vault - Chromium", "https://vault.bitwarden.com/#/vault"),
        (FIREFOX, "about:logins — Mozilla Firefox", "about:logins"),
        ("org.gnome.secrets", "Secrets"),
    ],
    "lock": [
        ("xscreensaver", "screen"),
        ("polkit-gnome-authentication-agent-1", "Authenticate"),
        ("mutter", "Authentication required"),
    ],
    "private": [
        (FIREFOX, "Trains — Mozilla Firefox Private Browsing", "https://rail.test/"),
        (FIREFOX, "Züge — Mozilla Firefox Privater Modus", "https://rail.test/"),
        (FIREFOX, "Trains — Mozilla Firefox — Navigation privée", "https://rail.test/"),
        (FIREFOX, "Trenes — Mozilla Firefox Navegación privada", "https://rail.test/"),
        (FIREFOX, "Treni — Mozilla Firefox (Navigazione anonima)", "https://rail.test/"),
        (FIREFOX, "Treinen — Mozilla Firefox – Privénavigatie", "https://rail.test/"),
        (FIREFOX, "Pociągi — Mozilla Firefox (tryb prywatny)", "https://rail.test/"),
        (FIREFOX, "Trens — Mozilla Firefox (Navegação privativa)", "https://rail.test/"),
        (FIREFOX, "Comboios — Mozilla Firefox (Navegação privada)", "https://rail.test/"),
        (FIREFOX, "Vlaky — Mozilla Firefox (Anonymní prohlížení)", "https://rail.test/"),
        (FIREFOX, "Поезда — Mozilla Firefox (Приватный просмотр)", "https://rail.test/"),
        (FIREFOX, "Потяги — Mozilla Firefox Приватний перегляд", "https://rail.test/"),
        (FIREFOX, "電車 — Mozilla Firefox プライベートブラウジング", "https://rail.test/"),
        (FIREFOX, "火车 — Mozilla Firefox 隐私浏览", "https://rail.test/"),
        (FIREFOX, "火車 — Mozilla Firefox 隱私瀏覽", "https://rail.test/"),
        (FIREFOX, "기차 — Mozilla Firefox (사생활 보호 모드)", "https://rail.test/"),
        (FIREFOX, "Trenler — Mozilla Firefox (Gizli Gezinti)", "https://rail.test/"),
        (FIREFOX, "Tåg — Mozilla Firefox Privat surfning", "https://rail.test/"),
        (FIREFOX, "Tog — Mozilla Firefox Privat browsing", "https://rail.test/"),
        (FIREFOX, "Tog — Mozilla Firefox Privat nettlesing", "https://rail.test/"),
        (FIREFOX, "Junat — Mozilla Firefox (Yksityinen selaus)", "https://rail.test/"),
        (FIREFOX, "Vonatok — Mozilla Firefox (Privát böngészés)", "https://rail.test/"),
        (FIREFOX, "Τρένα — Mozilla Firefox (Ιδιωτική Περιήγηση)", "https://rail.test/"),
        (FIREFOX, "قطارات — Mozilla Firefox (التصفح الخاص)", "https://rail.test/"),
        (FIREFOX, "רכבות — Mozilla Firefox (גלישה פרטית)", "https://rail.test/"),
        (CHROMIUM, "Züge - Chromium (Inkognito)", "https://rail.test/"),
        (CHROMIUM, "電車 - Chromium（シークレット モード）", "https://rail.test/"),
    ],
    "banking": [
        (CHROMIUM, "Account - Chromium", "https://secure.chase.com/web/auth/dashboard"),
        (CHROMIUM, "Log in to your PayPal account - Chromium", "https://www.paypal.com/signin"),
        (FIREFOX, "Meine Finanzen — Mozilla Firefox", "https://banking.ing.de/app/obligo"),
        (FIREFOX, "Kontoübersicht — Mozilla Firefox", "https://onlinebanking.kleine-bank.example/konto"),
        (FIREFOX, "Saldo — Mozilla Firefox", "https://kunde.comdirect.de:443/itx/posteingang"),
        (FIREFOX, "Comptes — Mozilla Firefox", "https://client.ma.credit-agricole.fr/?x=1#solde"),
        (FIREFOX, "Particulares — Mozilla Firefox", "https://www.bbva.es./personas.html"),
        (CHROMIUM, "残高照会 - Chromium", "https://direct3.smbc.co.jp/ib/top"),
        (CHROMIUM, "Source - Chromium", "view-source:https://www.wellsfargo.com/"),
        (CHROMIUM, "Wallet - Chromium", "https://user:word@pay.google.com/gp/w/home"),
        (CHROMIUM, "Portfolio - Chromium", "https://app.traderepublic.com/portfolio"),
        (CHROMIUM, "Some Credit Union | Online Banking - Chromium", "https://my.somecu.example/"),
        (FIREFOX, "Online-Banking – Volksbank Musterstadt — Mozilla Firefox", "https://vbm.example/"),
        (FIREFOX, "Banque en ligne | Crédit du Port — Mozilla Firefox", "https://cdp.example/"),
        (FIREFOX, "Banca en línea - Caja del Valle — Mozilla Firefox", "https://caja.example/"),
        (FIREFOX, "Home banking | Banca Prova — Mozilla Firefox", "https://prova.example/"),
        (CHROMIUM, "个人网上银行_港口银行 - Chromium", "https://gangkou.example/"),
        ("gnucash", "household.gnucash - GnuCash"),
        ("electrum", "Electrum 4.5 - default_wallet"),
    ],
    "health": [
        (CHROMIUM, "Test results - Chromium", "https://mychart.someclinic.example/MyChart/Labs"),
        (CHROMIUM, "Messages - Chromium", "https://portal.mychart.example.org/inbox"),
        (FIREFOX, "Rendez-vous — Mozilla Firefox", "https://www.doctolib.fr/account/appointments"),
        (FIREFOX, "Meine Arztbriefe — Mozilla Firefox", "https://meine.tk.de/briefe"),
        (FIREFOX, "Journal — Mozilla Firefox", "https://journalen.1177.se/Dashboard"),
        (CHROMIUM, "Your therapist - Chromium", "https://www.betterhelp.com/messages/"),
        (CHROMIUM, "Patient Portal | Riverside Practice - Chromium", "https://rp.example/"),
        (FIREFOX, "Mon espace santé — Mozilla Firefox", "https://www.monespacesante.fr/"),
        (FIREFOX, "Carpeta de salud | Comunidad — Mozilla Firefox", "https://salud.example/"),
        (CHROMIUM, "Elektronische Patientenakte - Praxis am Park - Chromium", "https://park.example/"),
    ],
    "adult": [
        (CHROMIUM, "Videos - Chromium", "https://www.pornhub.com/"),
        (CHROMIUM, "Board - Chromium", "https://something.xxx/board"),
        (FIREFOX, "Home — Mozilla Firefox", "https://onlyfans.com/my/chats"),
        (FIREFOX, "Free Porn Videos - Somewhere — Mozilla Firefox", "https://somewhere.example/"),
    ],
}

_HARMLESS = [
    # News and articles about banks, money and health
    (CHROMIUM, "Online banking is down again for thousands - BBC News - Chromium", "https://www.bbc.co.uk/news/1"),
    (CHROMIUM, "Bank of England holds interest rates | The Guardian - Chromium", "https://www.theguardian.com/b"),
    (CHROMIUM, "JPMorgan Chase reports record profit - Reuters - Chromium", "https://www.reuters.com/chase.com"),
    (CHROMIUM, "Online banking: how safe is it? - Which? - Chromium", "https://www.which.co.uk/online-banking"),
    (FIREFOX, "Störung beim Onlinebanking der Sparkassen | tagesschau.de — Mozilla Firefox",
     "https://www.tagesschau.de/onlinebanking"),
    (FIREFOX, "Filialsterben: Banken schließen Standorte - FAZ — Mozilla Firefox", "https://www.faz.net/banken"),
    (FIREFOX, "Banque en ligne : notre comparatif 2026 - Le Monde — Mozilla Firefox", "https://www.lemonde.fr/x"),
    (FIREFOX, "La banca en línea crece en México - El País — Mozilla Firefox", "https://elpais.com/economia/"),
    (FIREFOX, "Home banking, truffe in aumento - la Repubblica — Mozilla Firefox", "https://www.repubblica.it/"),
    (FIREFOX, "Banki podnoszą opłaty - Gazeta — Mozilla Firefox", "https://wyborcza.pl/banki"),
    (CHROMIUM, "銀行の統合について - 朝日新聞 - Chromium", "https://www.asahi.com/articles/bank"),
    (CHROMIUM, "网上银行的安全问题 - 新闻 - Chromium", "https://news.example.cn/1"),
    (FIREFOX, "Банки повышают ставки — Коммерсантъ — Mozilla Firefox", "https://www.kommersant.ru/doc/1"),
    (CHROMIUM, "PayPal shares fall - Financial Times - Chromium", "https://www.ft.com/content/paypal.com"),
    (CHROMIUM, "Bitcoin - Wikipedia - Chromium", "https://en.wikipedia.org/wiki/Bitcoin"),
    (CHROMIUM, "History of banking - Wikipedia - Chromium", "https://en.wikipedia.org/wiki/History_of_banking"),
    (CHROMIUM, "Flu season starts early - NPR - Chromium", "https://www.npr.org/sections/health-shots/"),
    (CHROMIUM, "Mental health - Wikipedia - Chromium", "https://en.wikipedia.org/wiki/Mental_health"),
    (CHROMIUM, "Health | The New York Times - Chromium", "https://www.nytimes.com/section/health"),
    (FIREFOX, "Die elektronische Patientenakte kommt - Spiegel — Mozilla Firefox", "https://www.spiegel.de/epa"),
    (FIREFOX, "Santé publique : la grippe recule - Le Figaro — Mozilla Firefox", "https://www.lefigaro.fr/sante"),
    (FIREFOX, "Farmacias de guardia y salud pública - La Vanguardia — Mozilla Firefox",
     "https://www.lavanguardia.com/vida"),
    (CHROMIUM, "Porn laws debated in parliament - BBC News - Chromium", "https://www.bbc.co.uk/news/2"),
    (CHROMIUM, "Sex differences in memory | Nature - Chromium", "https://www.nature.com/articles/s1"),
    # Recipes, games, shops, travel
    (CHROMIUM, "Homemade health bar recipe - Kitchen Stories - Chromium", "https://www.kitchenstories.com/bar"),
    (FIREFOX, "Gesunde Müsliriegel selber machen — Mozilla Firefox", "https://www.chefkoch.de/rezepte/1"),
    (FIREFOX, "Gâteau à la banane | Marmiton — Mozilla Firefox", "https://www.marmiton.org/recettes/"),
    (CHROMIUM, "The Banker plays 1. e4 - Lichess - Chromium", "https://lichess.org/study/banker"),
    ("steam_app_4", "Wallet Heroes - Health 100 %"),
    (CHROMIUM, "River bank erosion in the delta - Journal - Chromium", "https://journal.example/bank/erosion"),
    (CHROMIUM, "Power bank 20 000 mAh | Shop - Chromium", "https://shop.example/power-bank"),
    (CHROMIUM, "Gartenbank aus Holz - Chromium", "https://moebel.example/gartenbank"),
    (FIREFOX, "Banc de jardin en teck — Mozilla Firefox", "https://jardin.example/banc"),
    (CHROMIUM, "Food bank volunteers wanted - Chromium", "https://foodbank.example/"),
    (CHROMIUM, "Blood bank opening hours - Chromium", "https://blood.example/hours"),
    (CHROMIUM, "Hotels near South Bank, London - Chromium", "https://travel.example/south-bank"),
    (CHROMIUM, "Sussex and Essex by train - Chromium", "https://rail.test/essex"),
    (CHROMIUM, "Adult education courses in the evening - Chromium", "https://college.example/adult"),
    (CHROMIUM, "Middlesex University London - Chromium", "https://www.mdx.ac.uk/"),
    (FIREFOX, "Erwachsenenbildung | Volkshochschule — Mozilla Firefox", "https://vhs.example/kurse"),
    # Private browsing written about, in a window that is not private
    (FIREFOX, "Privater Modus - Surfen ohne Spuren | Hilfe — Mozilla Firefox", "https://support.mozilla.org/de/kb/p"),
    (FIREFOX, "Privénavigatie uitgelegd - Consumentenbond — Mozilla Firefox", "https://consumenten.example/p"),
    (FIREFOX, "Tryb prywatny w przeglądarce: poradnik — Mozilla Firefox", "https://poradnik.example/tryb"),
    (FIREFOX, "Приватный просмотр: что это — Mozilla Firefox", "https://help.example/ru"),
    (CHROMIUM, "隐私浏览是什么 - Chromium", "https://help.example/cn"),
    (CHROMIUM, "A private garden in Kyoto - Chromium", "https://gardens.example/private"),
    (CHROMIUM, "Anonymous functions in Python - Chromium", "https://docs.python.org/3/"),
    # Addresses that only look like a bank's
    (CHROMIUM, "Security talk - Chromium", "https://evil-bank.com.example.org/"),
    (CHROMIUM, "Redirect - Chromium", "https://example.org/?x=://chase.com/"),
    (CHROMIUM, "Docs - Chromium", "https://docs.stripe.com/payments"),
    (CHROMIUM, "Notes - Chromium", "https://example.org/paypal.com/signin"),
    (CHROMIUM, "Fragment - Chromium", "https://example.org/#@paypal.com"),
    (CHROMIUM, "Test pages - Chromium", "https://notpaypal.com/"),
    (CHROMIUM, "Phishing museum - Chromium", "https://paypal.com.secure-login.example/"),
    (CHROMIUM, "Committee on Banking | United States Senate - Chromium", "https://www.banking.senate.gov/"),
    (CHROMIUM, "Database pharmacy schema - Chromium", "https://gitlab.example/pharmacy/schema"),
    # Programs
    ("code", "banking.py - ledger-service - Visual Studio Code"),
    ("code", "patient_portal_test.py - clinic - Visual Studio Code"),
    ("libreoffice-writer", "Masterarbeit Online-Banking und Vertrauen.odt - LibreOffice Writer"),
    ("libreoffice-calc", "Household budget 2026.ods - LibreOffice Calc"),
    ("thunderbird", "Your bank statement is ready - Mozilla Thunderbird"),
    ("evince", "Mental health first aid - a handbook.pdf"),
    ("mousepad", "health.txt - Mousepad"),
    ("xterm", "make test: 412 passed"),
    ("gimp", "bank-holiday-poster.xcf-1.0 (RGB)"),
    ("vlc", "The Big Short.mkv - VLC media player"),
    ("zotero", "Trust in online banking (2019) - Zotero"),
    ("org.gnome.nautilus", "Banking"),
    ("slack", "#payments-team - Acme - Slack"),
    ("anki", "Medicine - Anki"),
    ("okular", "Sex und Gender in der Medizin.pdf — Okular"),
]  # fmt: skip

REFUSED: list[tuple[str, WindowInfo]] = [
    (key, window(*told)) for key, windows in _REFUSED.items() for told in windows
]
HARMLESS: list[WindowInfo] = [window(*told) for told in _HARMLESS]
