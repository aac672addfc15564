"""Making the family appear: people, circles, letters, each by the function with which a person does it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import click
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from beside.access.door import requests
from beside.access.door.requests import RequestText
from beside.access.policy import Viewer
from beside.cli.demo import families, letters
from beside.cli.demo.directory_entries import be_found
from beside.cli.demo.letters import Letter, Picture
from beside.cli.demo.private_letters import write_to_each_other
from beside.cli.demo.responses import come_again, come_back
from beside.cli.demo.sign_in import link_for
from beside.cli.demo.thank_you_notes import thank
from beside.finding import shelf
from beside.people import accounts, circles, follows, invitations, languages
from beside.people.models import Account, Circle
from beside.photos import descriptions, hidden, uploads
from beside.photos.developing import develop_next
from beside.photos.models import Photo
from beside.posts import (
    addenda,
    approvals,
    audiences,
    autosave,
    closing,
    coauthors,
    drafting,
    facets,
    publishing,
    share_links,
    taking_back,
)
from beside.posts.autosave import EditorPage
from beside.posts.languages import spoken_by
from beside.posts.models import Answer, Audience, Facet, Post, Reason
from beside.posts.reach import Chosen, Door, Reach
from beside.posts.share_links import Terms
from beside.posts.text import PhotoText, Text
from beside.web.mails import address_of_link

_PHOTOGRAPHS = Path(__file__).parent / "photographs"
ANYONE = Reach(Audience.ANYONE, signed_in=False)
HERE = Reach(Audience.ANYONE, signed_in=True)


def appear(*, at: datetime) -> None:
    """Make the family, develop its photographs, and print a link for each of them."""
    family = Family(at)
    family.write()
    family.end_what_ended()
    _say(family)


class Family:
    """The people of a demonstration, and what they have done by `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.password = secrets.token_urlsafe(9)
        self._hashed = make_password(self.password)
        self.people = {name: self._person(name) for name in letters.PEOPLE}
        anna, katrin = self.people["anna"], self.people["katrin"]
        self.relatives = self._circle(anna, _("Family"), "jonas", "margit")
        self.group = self._circle(anna, _("Tuesday group"), "katrin")
        for follower in ("jonas", "margit", "katrin", "ruth"):
            follows.ask(self.people[follower], anna, at=at)
            follows.accept(anna, self.people[follower].pk, at=at)
        follows.ask(anna, katrin, at=at)
        follows.accept(katrin, anna.pk, at=at)
        follows.ask(katrin, self.people["jonas"], at=at)
        for follower in ("anna", "katrin", "ruth"):
            follows.ask(self.people[follower], self.people["samira"], at=at)
            follows.accept(self.people["samira"], self.people[follower].pk, at=at)
        self._put_away("jonas", letters.HANDS)

    def write(self) -> None:
        """What is there to read."""
        near = _to(circles=(self.relatives, self.group))
        to_anna = _to(people=[self.people["anna"]])
        to_both = _to(people=[self.people["anna"], self.people["jonas"]])
        march = self._publish_together(letters.MARCH, Chosen(HERE, near))
        addenda.add(march, letters.MARCH_LATER, by=self.people["anna"], at=self._ago(4))
        self.lars = self._link(march)
        families.appear(self.people, march, at=self.at)
        come_back(self.people, march, at=self.at)
        write_to_each_other(self.people, at=self.at)
        thank(self.people, at=self.at)
        be_found(self.people, at=self.at)
        tree = self._publish(letters.TREE, Chosen(ANYONE, ANYONE, veiled=False))
        how_many = self._publish(letters.HOW_MANY, Chosen(ANYONE))
        self._publish(letters.BICYCLE, Chosen(HERE))
        self._publish(letters.BEACH, Chosen(to_anna, to_anna))
        self._publish(letters.BLANKET, Chosen(to_both))
        yara = self._put_a_door(letters.YARA, letters.YARA_DOOR)
        come_again(self.people, yara, at=self.at)
        for post, by in ((tree, "anna"), (how_many, "jonas"), (yara, "samira")):
            self._let_it_be_found(post, self.people[by])

    def end_what_ended(self) -> None:
        """What was closed, what was taken back, and what never went out."""
        anna, jonas = self.people["anna"], self.people["jonas"]
        closed = self._publish(letters.WAITING_ROOM, Chosen(_to(circles=[self.relatives])))
        closing.close(closed, by=anna, at=self._ago(12))
        to_anna = _to(people=[anna])
        back = self._publish(letters.NOT_THIS_ONE, Chosen(to_anna, to_anna))
        taking_back.take_back(back, by=jonas, at=self._ago(14))
        self._draft(letters.EARLY, veiled=True)
        _develop(self.at)

    def _person(self, name: str) -> Account:
        called, words = letters.PEOPLE[name]
        email = f"{name}@demo.example"
        invitation = None
        if name != "anna":
            host = Account.objects.get(email="anna@demo.example")
            invitation, _secret = invitations.make(host, name=called, at=self._ago(40))
        account = accounts.make_account(email, name=called, at=self._ago(39), invitation=invitation)
        languages.choose(account, settings.LANGUAGE_CODE)
        account.is_host = name == "anna"
        account.password = self._hashed
        account.save(update_fields=["is_host", "password"])
        accounts.describe(account, name=called, words=words)
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
        return account

    def _link(self, post: Post) -> str:
        """For somebody who has no place here; both parents have agreed to it."""
        terms = Terms("Lars", message=letters.TO_LARS, with_photographs=True)
        link, secret = share_links.make(post, terms, by=self.people["anna"], at=self.at)
        share_links.approve(link, by=self.people["jonas"], at=self.at)
        return address_of_link(secret)

    def _circle(self, owner: Account, name: str, *people: str) -> Circle:
        circle = circles.make(owner, name=name)
        for person in people:
            circles.add(circle, self.people[person], at=self.at)
        return circle

    def _publish(self, letter: Letter, wanted: Chosen) -> Post:
        by = self.people[letter.by]
        post = self._draft(letter, veiled=wanted.veiled)
        audiences.choose(post, wanted, by=by)
        publishing.publish(post, by=by, at=self._ago(letter.days))
        return post

    def _let_it_be_found(self, post: Post, by: Account) -> None:
        facets.choose(post, [Facet.BEFORE_BIRTH, Facet.FROM_24_WEEKS], by=by)
        shelf.say_language(post, spoken_by(by), by=by)
        shelf.allow(post, by=by, at=self.at)

    def _put_a_door(self, letter: Letter, says: str) -> Post:
        """Words for all who are here, photographs for those who are let in; somebody waits for an answer."""
        terms = Door(dict.fromkeys(Reason, Answer.AFTER_A_YES), says=says)
        post = self._publish(letter, Chosen(HERE, Reach(Audience.LET_IN), door=terms))
        said = RequestText(Reason.LIVED, letters.KATRIN_ASKS)
        requests.ask(post.pk, said, by=Viewer(self.people["katrin"].pk), at=self._ago(1))
        return post

    def _publish_together(self, letter: Letter, wanted: Chosen) -> Post:
        """Begun by one, written by two: asked and answered, then published with both their yeses."""
        anna, jonas, at = self.people["anna"], self.people["jonas"], self._ago(letter.days)
        post = self._draft(letter, veiled=wanted.veiled)
        asked = coauthors.invite(post, jonas, message=letters.BESIDE_ME, by=anna, at=at)
        coauthors.accept(asked, by=jonas, at=at)
        for placed in post.placed.select_related("photo"):
            hidden.release(placed.photo, account=jonas)  # He took them.
        audiences.choose(post, wanted, by=anna)
        question = approvals.request_approval(
            post, wanted, publishes=True, message=letters.IN_THAT_ROOM, by=anna, at=at
        )
        approvals.approve(question, by=jonas, at=at)
        post.refresh_from_db()
        return post

    def _draft(self, letter: Letter, *, veiled: bool) -> Post:
        by, at = self.people[letter.by], self._ago(letter.days)
        post = drafting.begin(uuid4(), by=by, at=at)
        said = {}
        for picture in letter.pictures:
            photo = _put_in(picture, by, at=at)
            drafting.place(post, photo, by=by)
            said[photo.pk] = PhotoText(picture.seen, picture.caption)
        _develop(self.at)
        text = Text(
            typed={"title": letter.title, "words": letter.words, "note": letter.note},
            note_shows=letter.shows,
            veiled=veiled,
            photos=said,
        )
        autosave.save(post, text, by=by, page=EditorPage(uuid4(), post.version), at=at)
        return post

    def _put_away(self, name: str, picture: Picture) -> None:
        """In the drawer, closed for the person who put it there."""
        person = self.people[name]
        photo = _put_in(picture, person, at=self._ago(20))
        hidden.hold(photo, account=person, at=self._ago(20))
        descriptions.describe(photo, by=person, description=picture.seen, caption=picture.caption)

    def _ago(self, days: int) -> datetime:
        return self.at - timedelta(days=days)


def _put_in(picture: Picture, account: Account, *, at: datetime) -> Photo:
    """By the way that a phone's photograph takes."""
    data = (_PHOTOGRAPHS / f"{picture.file}.webp").read_bytes()
    upload = uploads.begin(account, len(data), name_on_phone=f"{picture.file}.webp", at=at)
    uploads.receive(upload, BytesIO(data).read, offset=0, at=at)
    return upload.photo


def _develop(at: datetime) -> None:
    while develop_next(at):
        pass


def _to(*, people: Iterable[Account] = (), circles: Iterable[Circle] = ()) -> Reach:
    return Reach(
        Audience.PEOPLE,
        accounts=frozenset(person.pk for person in people),
        circles=frozenset(circle.pk for circle in circles),
    )


def _say(family: Family) -> None:
    click.echo("\nA made-up family, gone when you stop this. Each link signs you in, once:\n")
    for name, account in family.people.items():
        click.echo(f"  {letters.PEOPLE[name][0]:14} {letters.SAYS[name]}")
        click.echo(f"          {settings.BESIDE.url}{link_for(account)}")
    click.echo(f"  {'Lars':14} {letters.LARS}\n          {family.lars}")
    click.echo(
        f'\nLook first as Margit: open "{letters.MARCH.title}", read, and choose whether to look.'
        "\nThen as Ruth, who follows Anna, and reads it without learning that it has photographs;"
        "\nthen as Anna, who wrote it."
        f"\nLater sign in as anna@demo.example or another, with the password {family.password}"
    )
