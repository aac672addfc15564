"""What the made-up family has written. Every word and every photograph is Beside's own."""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = {
    "anna": ("Anna", "We live by the lock at Lindholm with Liv and Noa. Emil is our second."),
    "jonas": ("Jonas", ""),
    "margit": ("Margit", "Anna’s mother. I knit."),
    "katrin": ("Katrin", "Ours is Tove. You can write to me about anything but advice."),
    "ruth": ("Ruth", ""),
    "samira": ("Samira", "Yara’s mother."),
    "hanne": ("Hanne", "A friend of Anna and Jonas."),
    "dahl": ("R. Dahl", ""),
    "ingrid": ("Ingrid, ward 6", ""),
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
TO_LARS = "You don’t have to say anything. I’d like you to have met him."


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
    "Morning light from a window with six panes, lying across a bare hospital wall; a curtain at the left.",
    "Room 4, a little after six in the morning. I remember being angry that the sun came up.",
)
LAMP = Picture(
    "lamp",
    "Two people from behind, close together, as dark shapes against a wall lit by one lamp.",
    "One in the morning. Before he was born.",
)
HANDS = Picture(
    "hands",
    "The shadows of two hands on a white sheet, one large, one very small, almost touching.",
    "Jonas’s hand, and Emil’s.",
)
KNIT = Picture(
    "knit",
    "A knitted blanket, close up, oat-coloured with two green stripes.",
    "My mother knitted it in a week, unpicked one side, and knitted that side again.",
)
TAG = Picture(
    "tag",
    "A paper label on grey cloth, tied with string. In ink it says: Emil, 14 March, ten past two.",
    "The card from his cot. Ingrid wrote it. She has beautiful handwriting.",
)
SNOW = Picture(
    "carpark",
    "Fresh snow at dawn, a bare tree, a street lamp still lit, and one pair of wheel tracks.",
    "Going home. It had snowed, and only one car had driven on it.",
)
PEARS = Picture(
    "pear",
    "Two pears on a wooden sill, a large one and a small one, in slanting light.",
    "From Emil’s tree, the first two.",
)
SEA = Picture(
    "sea", "A grey sea under a pale evening sky, with one low wave coming in over the sand."
)
STONES = Picture(
    "stones", "Two stones lying side by side on a linen cloth, a large one and a small one."
)

ROOM = Picture(
    "lamp",
    "Two people from behind, close together, as dark shapes against a wall lit by one lamp.",
    "Her father and I, before she came.",
)
WRAPPED = Picture(
    "knit",
    "A knitted blanket, close up, oat-coloured with two green stripes.",
    "What she was wrapped in.",
)

MARCH = Letter(
    "anna",
    22,
    "The fourteenth of March",
    """\
We knew from about four in the afternoon. The doctor turned the screen away from us, and then she \
turned it back and asked whether we wanted to look. I’m glad that I looked.

Emil was born at ten past two in the night. He weighed one thousand four hundred and ten grams. He \
had Jonas’s ears, flat against his head, and a great deal of dark hair that nobody had told me to expect.

[photograph 1]

I asked Jonas to take photographs. He didn’t want to, and then he did. I know how that sounds to \
some people. For months the telephone lay in a drawer, switched off, because they were on it. Now \
they’re what I have. He was with us for nineteen hours, and this is some of what nineteen hours looks like.

They aren’t for everyone. They’re for people who have been in that room, and for those who love \
someone who has and would like to understand a little. If that isn’t you, the words are enough. You \
don’t have to look.

If you’re in that room now: ask someone to take them. You can put them in a drawer too.
""",
    "The room at Lindholm, his blanket, the two of us, the shadow of Emil’s hand. He had died."
    " You can’t see his face.",
    ("died", "hospital", "crying"),
    pictures=(WINDOW, LAMP, HANDS, KNIT, TAG, SNOW),
)
BESIDE_ME = (
    "They’re yours as much as mine. You took them. I don’t want to do anything with them that you"
    " haven’t said yes to."
)
IN_THAT_ROOM = "I keep thinking of whoever is in that room tonight. It’s all right if it’s no."
MARCH_LATER = "Some of you asked about the second one. We already knew. Ingrid had just asked us what he was called."
TREE = Letter(
    "anna",
    9,
    "The first two",
    """\
We planted it in October, the autumn after. It’s a pear. This year it has its first two.

Liv has eaten one. The other is on the sill.
""",
    "Two pears.",
    pictures=(PEARS,),
)
HOW_MANY = Letter(
    "jonas",
    6,
    "When people ask how many",
    """\
People ask how many children you have, and they mean it kindly.

I say three, and then I wait. Some ask how old they are. Then I say it, in one sentence, and look at \
something else for a moment, so that they can look at something else too.

On some days I say two. I’ve decided that this is allowed, and that Emil would not have minded.
""",
)
BICYCLE = Letter(
    "katrin",
    5,
    "A year, and the bicycle",
    """\
I went back to work on the third day, which I’d advise nobody to do. What I remember of that autumn \
is the bicycle. I rode it everywhere, because you can’t be spoken to on a bicycle.

Tove would have been one on Thursday. I rode out to the lock and back.
""",
)
BEACH = Letter(
    "katrin",
    3,
    "The beach, on her day",
    """\
We walk to the second breakwater. That’s all we do. It’s enough.
""",
    "The sea, and nobody in it. It is where we scattered her ashes.",
    pictures=(SEA,),
)
BLANKET = Letter(
    "margit",
    2,
    "",
    """\
I’ve put the rest of the wool away for you. There’s enough for a hat, if anybody ever wants one.
""",
)
YARA = Letter(
    "samira",
    4,
    "Yara, and the names we kept",
    """\
We had two names ready and gave her both. The registrar said there was only one line on the form, and \
then she turned the form over and wrote on the back.
""",
    "The two of us in the room, from behind, and the blanket that she was wrapped in. She had died. You"
    " don’t see her.",
    ("died", "hospital"),
    pictures=(ROOM, WRAPPED),
)
YARA_DOOR = (
    "I show these to people who need them, and I’d like to know a little about who that is. Any of the"
    " answers is a good one."
)
KATRIN_ASKS = (
    "Tove died last autumn, at thirty weeks. I don’t know anyone else who was given two names."
)
WAITING_ROOM = Letter(
    "anna",
    30,
    "The waiting room",
    """\
Three chairs, a plant, a rack of leaflets about feeding. I read all of them. I could tell you a good \
deal about feeding.
""",
)
NOT_THIS_ONE = Letter(
    "jonas",
    15,
    "",
    """\
I thought I could show you this one. I can’t, yet.
""",
    "Two stones.",
    pictures=(STONES,),
)
EARLY = Letter(
    "anna",
    1,
    "",
    """\
Early in 2022. Nine weeks. We hadn’t told anyone, so there was nobody to
""",
)
