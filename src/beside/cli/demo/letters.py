"""What the made-up family has written, in the place's language. Every word and every photograph is Beside's own.

It is all translated as it is loaded, which is after the settings, and for one place.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

PEOPLE = {
    "anna": ("Anna", _("We live by the lock at Lindholm with Liv and Noa. Emil is our second.")),
    "jonas": ("Jonas", ""),
    "margit": ("Margit", _("Anna’s mother. I knit.")),
    "katrin": ("Katrin", _("Ours is Tove. You can write to me about anything but advice.")),
    "ruth": ("Ruth", ""),
    "samira": ("Samira", _("Yara’s mother.")),
    "hanne": ("Hanne", _("A friend of Anna and Jonas.")),
    "dahl": ("R. Dahl", ""),
    "ingrid": (_("Ingrid, ward 6"), ""),
}
SAYS = {
    "anna": "has written, kept, closed and taken back; the letter with the fold is hers and Jonas’s",
    "jonas": "Emil’s father, beside Anna over that letter; one photograph in his drawer is closed for him",
    "margit": "Anna’s mother, in the circle Family; she and Anna write to each other",
    "katrin": "has lived it too, in the circle Tuesday group, and is a moderator",
    "ruth": "a stranger who follows Anna, and meets only what is for anyone",
    "samira": "has put a door before two photographs; Katrin has asked there, and waits",
    "hanne": "reads first what people write to Anna and Jonas, and hands notes of thanks over; something waits for her",
    "dahl": "wrote something cruel, which Hanne has sealed; to him it looks like any other",
    "ingrid": "a midwife, who wrote a letter to Anna alone",
}
LARS = "has no place here: Anna’s uncle, to whom she gave a link; open it in a private window"
TO_LARS = _("You don’t have to say anything. I’d like you to have met him.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph, what can be seen in it, and the words under it."""

    file: str
    seen: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter by one of them, begun so many days ago."""

    by: str
    days: int
    title: str
    words: str
    note: str = ""
    shows: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


WINDOW = Picture(
    "window",
    _(
        "Morning light from a window with six panes, lying across a bare hospital wall; a curtain at the left."
    ),
    _("Room 4, a little after six in the morning. I remember being angry that the sun came up."),
)
LAMP = Picture(
    "lamp",
    _("Two people from behind, close together, as dark shapes against a wall lit by one lamp."),
    _("One in the morning. Before he was born."),
)
HANDS = Picture(
    "hands",
    _("The shadows of two hands on a white sheet, one large, one very small, almost touching."),
    _("Jonas’s hand, and Emil’s."),
)
KNIT = Picture(
    "knit",
    _("A knitted blanket, close up, oat-coloured with two green stripes."),
    _("My mother knitted it in a week, unpicked one side, and knitted that side again."),
)
TAG = Picture(
    "tag",
    _(
        "A paper label on grey cloth, tied with string. In ink it says: Emil, 14 March, ten past two."
    ),
    _("The card from his cot. Ingrid wrote it. She has beautiful handwriting."),
)
SNOW = Picture(
    "carpark",
    _("Fresh snow at dawn, a bare tree, a street lamp still lit, and one pair of wheel tracks."),
    _("Going home. It had snowed, and only one car had driven on it."),
)
PEARS = Picture(
    "pear",
    _("Two pears on a wooden sill, a large one and a small one, in slanting light."),
    _("From Emil’s tree, the first two."),
)
SEA = Picture(
    "sea", _("A grey sea under a pale evening sky, with one low wave coming in over the sand.")
)
STONES = Picture(
    "stones", _("Two stones lying side by side on a linen cloth, a large one and a small one.")
)

ROOM = Picture(
    "lamp",
    _("Two people from behind, close together, as dark shapes against a wall lit by one lamp."),
    _("Her father and I, before she came."),
)
WRAPPED = Picture(
    "knit",
    _("A knitted blanket, close up, oat-coloured with two green stripes."),
    _("What she was wrapped in."),
)

MARCH = Letter(
    "anna",
    22,
    _("The fourteenth of March"),
    _("""\
We knew from about four in the afternoon. The doctor turned the screen away from us, and then she \
turned it back and asked whether we wanted to look. I’m glad that I looked.

Emil was born at ten past two in the night. He weighed one thousand four hundred and ten grams. He \
had Jonas’s ears, flat against his head, and a great deal of dark hair that nobody had told me to expect.

{photograph}

I asked Jonas to take photographs. He didn’t want to, and then he did. I know how that sounds to \
some people. For months the telephone lay in a drawer, switched off, because they were on it. Now \
they’re what I have. He was with us for nineteen hours, and this is some of what nineteen hours looks like.

They aren’t for everyone. They’re for people who have been in that room, and for those who love \
someone who has and would like to understand a little. If that isn’t you, the words are enough. You \
don’t have to look.

If you’re in that room now: ask someone to take them. You can put them in a drawer too.
""").replace("{photograph}", "[photograph 1]"),
    _(
        "The room at Lindholm, his blanket, the two of us, the shadow of Emil’s hand. He had died."
        " You can’t see his face."
    ),
    ("died", "hospital", "crying"),
    pictures=(WINDOW, LAMP, HANDS, KNIT, TAG, SNOW),
)
BESIDE_ME = _(
    "They’re yours as much as mine. You took them. I don’t want to do anything with them that you"
    " haven’t said yes to."
)
IN_THAT_ROOM = _("I keep thinking of whoever is in that room tonight. It’s all right if it’s no.")
MARCH_LATER = _(
    "Some of you asked about the second one. We already knew. Ingrid had just asked us what he was called."
)
TREE = Letter(
    "anna",
    9,
    _("The first two"),
    _("""\
We planted it in October, the autumn after. It’s a pear. This year it has its first two.

Liv has eaten one. The other is on the sill.
"""),
    _("Two pears."),
    pictures=(PEARS,),
)
HOW_MANY = Letter(
    "jonas",
    6,
    _("When people ask how many"),
    _("""\
People ask how many children you have, and they mean it kindly.

I say three, and then I wait. Some ask how old they are. Then I say it, in one sentence, and look at \
something else for a moment, so that they can look at something else too.

On some days I say two. I’ve decided that this is allowed, and that Emil would not have minded.
"""),
)
BICYCLE = Letter(
    "katrin",
    5,
    _("A year, and the bicycle"),
    _("""\
I went back to work on the third day, which I’d advise nobody to do. What I remember of that autumn \
is the bicycle. I rode it everywhere, because you can’t be spoken to on a bicycle.

Tove would have been one on Thursday. I rode out to the lock and back.
"""),
)
BEACH = Letter(
    "katrin",
    3,
    _("The beach, on her day"),
    _("""\
We walk to the second breakwater. That’s all we do. It’s enough.
"""),
    _("The sea, and nobody in it. It is where we scattered her ashes."),
    pictures=(SEA,),
)
BLANKET = Letter(
    "margit",
    2,
    "",
    _("""\
I’ve put the rest of the wool away for you. There’s enough for a hat, if anybody ever wants one.
"""),
)
YARA = Letter(
    "samira",
    4,
    _("Yara, and the names we kept"),
    _("""\
We had two names ready and gave her both. The registrar said there was only one line on the form, and \
then she turned the form over and wrote on the back.
"""),
    _(
        "The two of us in the room, from behind, and the blanket that she was wrapped in. She had died. You"
        " don’t see her."
    ),
    ("died", "hospital"),
    pictures=(ROOM, WRAPPED),
)
YARA_DOOR = _(
    "I show these to people who need them, and I’d like to know a little about who that is. Any of the"
    " answers is a good one."
)
KATRIN_ASKS = _(
    "Tove died last autumn, at thirty weeks. I don’t know anyone else who was given two names."
)
WAITING_ROOM = Letter(
    "anna",
    30,
    _("The waiting room"),
    _("""\
Three chairs, a plant, a rack of leaflets about feeding. I read all of them. I could tell you a good \
deal about feeding.
"""),
)
NOT_THIS_ONE = Letter(
    "jonas",
    15,
    "",
    _("""\
I thought I could show you this one. I can’t, yet.
"""),
    _("Two stones."),
    pictures=(STONES,),
)
EARLY = Letter(
    "anna",
    1,
    "",
    _("""\
Early in 2022. Nine weeks. We hadn’t told anyone, so there was nobody to
"""),
)
