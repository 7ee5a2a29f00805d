"""Which words of a request tell what it needs to know of the person, by language. Data for `gum.context`.

An entry is a word in folded form (`gum.text.fold`), or with a star the beginning of one; an underscore joins
words that must follow each other. In scripts without spaces it stands anywhere.
Chosen from what each kind of help is called in a dictionary, not from requests that anything is measured on.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of help: the types of claims it needs, each with how likely it is meant (0..1), and its words.

    `agenda`: what lies ahead matters; `present`: what is being done now does.
    """

    types: Mapping[str, float]
    words: str
    agenda: bool = False
    present: bool = False


_MEANT, _ALSO, _MAYBE = 0.75, 0.5, 0.35

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "food": Kind(
            {"prefers": _MEANT},
            "eat* food* cook* dinner* lunch* breakfast* supper* meal* recipe* restaurant* table hungry "
            "snack* dish* groceries grocery shopping_list cafe drink* thirsty beverage* menu cater* "
            "bake* taste* party guest* fridge kitchen vegetarian* vegan* allerg* ess* koch* abendessen "
            "mittagessen fruhstuck* mahlzeit* rezept* tisch* hunger* gericht* trink* getrank* "
            "einkaufsliste speise* gaste* kuche* mange* manger cuisin* diner dejeuner repas recette* "
            "resto* faim plat plats boire boisson* courses invite* comer comida* cocin* cena* cenar "
            "almuerzo desayun* receta* restaurante* hambre plato* beber bebida* mesa jantar almoco "
            "receita* fome mangiare cena pranzo ricetta* bere fame eten koken recept* drinken 食べ 食事 "
            "夕食 昼食 朝食 料理 献立 レストラン 飲み 飲む 飲み物 おやつ 吃 喝 餐 饭",
        ),
        "journey": Kind(
            {"plans_to_go": _MEANT, "prefers": _ALSO, "preparing_for": _MAYBE, "bought": _MAYBE},
            "travel* trip* journey* hotel* hostel* accommodation flight* fly flying train* bus airport "
            "station luggage suitcase pack packing visa passport weather sight* sightseeing tour* "
            "holiday* vacation* abroad away there adapter currency ticket* route* itinerary get_to "
            "way_to arrive_in drive reis* fahr* fahrt* flug* flieg* zug zuge bahn* hotel unterkunft "
            "koffer pack* pass visum wetter urlaub* ferien hinkomm* anreise* verreis* dort sehenswurd* "
            "voyage* voyag* deplacement* vol vols valise* bagage* meteo vacances sejour* billet* trajet* "
            "visiter aller_a partir partir* viaj* vuelo* alojamiento maleta* equipaje tiempo_hara "
            "vacaciones visit* billete* trayecto* alli viage* viagem voo hospedagem mala viaggi* volo "
            "albergo valigia vacanza* vlucht vakantie 旅行 旅 出張 宿 ホテル 荷物 持ち物 天気 飛行機 "
            "電車 新幹線 行き方 観光 切符 酒店 行李 天气",
            agenda=True,
        ),
        "time": Kind(
            {"has_deadline": _MEANT, "preparing_for": _ALSO, "working_on": _ALSO, "waiting_for": _MAYBE},
            "deadline* due urgent* first today tonight tomorrow week weekly schedul* calendar agenda "
            "plan planning priorit* late overdue finish* submit* hand_in remind* time hurry soon when "
            "until day_off time_off forget forgot postpone* reschedul* busy free ready todo to_do frist* "
            "fallig* dringend* zuerst heute morgen woche* termin* kalender* planen plane spat fertig "
            "abgab* abgeb* erinner* zeit eilig bald wann bis_wann vergess* erst* erledig* echeance* "
            "delai* aujourd'hui aujourd demain semaine* calendrier retard finir rendre rappel* temps "
            "quand bientot oubli* commenc* plazo* vencimiento urgente* hoy manana semana* calendario "
            "priorid* tarde terminar entreg* recuerd* tiempo cuando pronto olvid* organiz* prazo* "
            "urgente hoje amanha semana scadenz* oggi domani settimana dringend vandaag 締め切り 締切 "
            "期限 今日 明日 今週 来週 予定 急ぎ いつ 間に合 終わらせ 片付 優先 截止 今天 明天 本周 紧急",
            agenda=True,
        ),
        "prepare": Kind(
            {"preparing_for": _MEANT, "has_deadline": _ALSO, "plans_to_go": _ALSO, "learning": _MAYBE},
            "prepar* get_ready ready checklist* exam* interview* presentation* event* rehears* bring "
            "list speech vorbereit* checkliste* prufung* vortrag* auftritt* mitbring* liste examen* "
            "entretien* apporter entrevista* presentacion* lista falta llevar esame colloquio prova "
            "entrevista voorbereid* examen 準備 試験 面接 発表 本番 忘れ物 チェックリスト 准备 考试",
            agenda=True,
        ),
        "trouble": Kind(
            {"struggling_with": _MEANT, "working_on": _ALSO, "uses_for": _MAYBE},
            "error* fix* fail* stuck broken break* problem* bug* crash* wrong issue* trouble* debug* "
            "not_work* doesn't_work don't_work doesn_t_work won_t_work n_t_work solve* repair* forum "
            "fehler* kaputt klappt geht_nicht festgefahren hang* reparier* losung* abgesturzt "
            "funktionier* erreur* panne* probleme* marche_pas marche bloqu* plante corrig* repar* "
            "resoudre fall* problema* funciona* atasc* arregl* erro problema funciona errore guasto "
            "funziona fout* probleem werkt エラー 動かな うまくいか 直し 直す 困って 失敗 不具合 壊れ "
            "原因 错误 问题 失败",
            present=True,
        ),
        "work": Kind(
            {"working_on": _MEANT, "has_deadline": _MAYBE, "preparing_for": _MAYBE},
            "section* draft* continu* summar* status title* report* document* paragraph* chapter* "
            "review* rephrase* rewrite* proofread* edit text essay* article* slide* paper* project* "
            "progress next step* file* heading* conclusion introduction code commit work working done "
            "name abschnitt* entwurf* weitermach* weiter zusammenfass* stand status* titel* bericht* "
            "kapitel* uberarbeit* formulier* korrektur* projekt* absatz* brouillon* resum* titre* "
            "rapport* chapitre* paragraphe* reformul* relis* projet* reprend* avanc* texte* seccion* "
            "apartado* borrador* titulo* informe* capitulo* parrafo* revis* proyecto* texto* secao "
            "rascunho capitulo sezione bozza capitolo sectie concept hoofdstuk 続き 章 節 下書き 要約 "
            "まとめ 進捗 報告 タイトル 見出し 推敲 校正 原稿 文章 项目 继续 总结 草稿",
            present=True,
        ),
        "learn": Kind(
            {"learning": _MEANT, "preparing_for": _ALSO, "interested_in": _MAYBE},
            "learn* study* studi* practis* practic* exercis* course* flashcard* quiz* lesson* test "
            "tutor* homework vocabular* level beginner* revise revision improve better podcast* train_me "
            "lern* ub* ubung* kurs* karteikarte* abfrag* lektion* niveau vokabel* hausaufgabe* appren* "
            "etudi* revis* exercice* cours lecon* quiz entrain* interrog* aprend* estudi* ejercicio* "
            "curso* leccion* nivel repas* pregunt* aprender estudar exercicio imparare studiare "
            "esercizio leren oefen* cursus 勉強 練習 学習 学ぶ 復習 問題 クイズ 講座 レッスン 宿題 学习 "
            "练习 课程",
        ),
        "people": Kind(
            {"communicating_with": _MEANT, "holds_role": _MAYBE},
            "write repl* answer tell call phone invit* message* mail* email* e_mail thank* her him them "
            "they she he send meet colleague* friend* who whom contact* text follow_up apolog* greet* "
            "letter* boss everyone schreib* antwort* sag* ruf anruf* einlad* nachricht* dank* ihr ihm "
            "ihnen ihn schick* wem treffen kolleg* freund* brief* entschuldig* ecri* repond* dis dites "
            "appel* remerc* lui leur envoi* qui collegue* ami amis lettre* escrib* respond* contest* "
            "dile llam* mensaje* correo* agradec* envi* quien colega* amig* carta* escrev* responde* "
            "scriv* rispond* schrijf* antwoord* bel 返信 返事 連絡 伝え メール メッセージ 電話 手紙 誘 "
            "お礼 彼女 彼 誰 回复 告诉 邮件 联系",
        ),
        "waiting": Kind(
            {"waiting_for": _MEANT, "bought": _ALSO, "communicating_with": _MAYBE},
            "arriv* parcel* package* deliver* track* missing yet chase* wait* blocked pending "
            "outstanding shipp* overdue refund* nudge* angekommen paket* lieferung* sendung* fehlt "
            "warte* nachhak* aussteh* zustell* arrive* colis livr* attend* attente manque* relanc* suivi "
            "retard lleg* paquete* entrega* envio* esper* falta* pendiente* chegou encomenda arrivat* "
            "pacco aspett* aangekomen pakket wacht* 届い 届く 荷物 配送 まだ 待っ 待ち 催促 返金 包裹 "
            "快递 等",
        ),
        "bought": Kind(
            {"bought": _MEANT, "waiting_for": _ALSO, "prefers": _MAYBE},
            "buy* bought purchas* order* return* warrant* guarantee review manual receipt* spent spend* "
            "shop* store refund* invoice* reorder* accessor* kauf* gekauft bestell* zuruckschick* "
            "garantie ruckgab* rechnung* gebrauchsanleit* laden umtausch* achet* achat* command* renvo* "
            "facture* magasin mode_d_emploi depens* compr* pedi* devol* garantia* factura* tienda gast* "
            "compra* acquist* comprato kopen gekocht besteld* retour* 買っ 買う 購入 注文 返品 保証 "
            "説明書 領収 买 订单 退货",
        ),
        "role": Kind(
            {"holds_role": _MEANT, "working_on": _MAYBE, "communicating_with": _MAYBE},
            "bio biograph* introduc* profile* signature* sign cv resume job career* occupation "
            "profession* linkedin about_me who_am_i headline portfolio cover_letter conference* level "
            "lebenslauf vorstell* profil* unterschr* signatur* beruf* bewerb* stelle* biographie "
            "present* metier* poste candidature* biografia* perfil* firma* curriculum profesion* cargo "
            "puesto* assinatura firma lavoro profilo handtekening baan 自己紹介 署名 経歴 肩書 履歴書 "
            "職業 プロフィール 简介 签名 简历",
        ),
        "tool": Kind(
            {"uses_for": _MEANT, "prefers": _ALSO, "working_on": _MAYBE},
            "app apps program* software tool* open save export* import* setup set_up configur* install* "
            "plugin* extension* keep usually format* template* script* command* terminal editor config* "
            "machine computer shell theme settings font appearance website programm* offne* speicher* "
            "exportier* einricht* richt* einstell* stell installier* werkzeug* vorlage* ublich* rechner "
            "server logiciel* ouvr* enregistr* outil* habitude reglage* fichier* programa* abr* guard* "
            "instal* herramienta* ajust* aplicacion* abrir salvar aprire salvare openen opslaan gebruik* "
            "アプリ ソフト 開い 開く 保存 設定 道具 ツール パソコン いつもの 打开 设置 软件",
        ),
        "interest": Kind(
            {"interested_in": _MEANT, "prefers": _ALSO, "learning": _MAYBE},
            "recommend* suggest* weekend* bored watch* read reading book* novel* film* movie* "
            "documentar* podcast* club* hobb* gift* present presents newsletter* news fun free_time "
            "spare_time series music event* birthday interest* inspir* idea* discover* empfehl* "
            "empfiehl* wochenende* langweil* buch bucher serie* lesen krimi* roman* hobby* geschenk* "
            "doku* freizeit idee* verein* conseil* recommand* week-end weekend dimanche ennui* livre* "
            "lire cadeau* loisir* sortir recomiend* recomend* fin_de_semana aburr* libro* novela* "
            "pelicul* documental* leer regalo* ocio livro consigli* libro noioso aanrad* boek verveel* "
            "cadeau おすすめ お勧め 週末 暇 本 映画 趣味 退屈 プレゼント 番組 ニュース 推荐 周末 无聊 书",
        ),
        "taste": Kind(
            {"prefers": _MEANT, "interested_in": _MAYBE},
            "prefer* like usual usually favourite* favorite* my_way rather choos* choice* pick best "
            "for_me lieber mag liebst* wie_immer bevorzug* am_besten besorg* aime habituel* d_habitude "
            "plutot mieux prefier* gust* favorit* siempre mejor 好き 好み いつもの 选 喜欢",
        ),
    }
)

PERSON = (
    "i me my mine myself i'm i'd i've we us our ich mich mir mein* uns unser* je j moi mon ma mes m nous "
    "notre nos yo mi mis conmigo nuestro* eu meu minha io mio mia ik mij mijn 私 僕 俺 わたし 我"
)
"""Words by which whoever asks speaks of themselves."""

WORLD = (
    "what who how when where which why define explain translate convert calculate capital was wer wie "
    "wann wo welch* warum erklar* ubersetz* berechne* combien quel* qui comment pourquoi ou expliqu* "
    "tradui* que cual cuanto* quien como donde por_que explic* traduc* 何 誰 どこ 高さ いくつ 什么 谁 哪"
)
"""Words by which somebody asks about the world: without a word about themselves nothing of them is needed."""
