from __future__ import annotations

import json
import os
import socket
import struct
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pydantic import SecretStr
from requests import RequestException

from beside.cli.checks import (
    address,
    darkroom,
    file_systems,
    folder,
    identity_provider,
    machine,
    root_key,
)
from beside.cli.checks import place as place_
from beside.cli.checks.findings import How
from beside.cli.process.exposition import exposed
from beside.config.env import Env
from beside.moderation.last_runs import LastBackup, remember
from beside.people.models import Account
from beside.photos import heartbeat
from tests import smtp_peer
from tests.serving import free_port

PLACE = "https://place.example"
# What may be wrong of the machine that the tests run on.
MACHINES_OWN = {"room", "file system", "port"}


@pytest.fixture
def says(settings):
    """What is found about one thing: how it is, and the words."""

    def look(about: str, **changed):
        env = settings.BESIDE.model_copy(update=changed)
        at = timezone.now()
        found = [
            *machine.look(),
            *folder.look(env),
            *root_key.look(env),
            *address.look(env),
            *place_.look(env, at=at),
        ]
        return next((one.how, one.says + one.mend) for one in found if one.about == about)

    return look


@pytest.fixture(autouse=True)
def _no_drills(monkeypatch):
    """The sandbox has tests of its own, and starts a process for each wall."""
    monkeypatch.setattr(darkroom.sandbox, "report", lambda: ())


def test_a_set_up_as_it_should_be_has_nothing_to_mend(place, beside, settings):
    settings.BESIDE.data.chmod(0o700)
    heartbeat.beat(settings.BESIDE.data)

    done = beside("doctor", "--json")
    found = [json.loads(line) for line in done.stdout.splitlines()]

    assert [
        one for one in found if one["how"] == "wrong" and one["about"] not in MACHINES_OWN
    ] == []
    assert {"database", "keyring", "worker", "darkroom"} <= {one["about"] for one in found}


def test_every_finding_that_is_not_well_says_how_to_mend_it(place, beside):
    found = [json.loads(line) for line in beside("doctor", "--json").stdout.splitlines()]

    assert all(one["mend"] for one in found if one["how"] != "well")


def test_a_data_folder_that_others_can_enter_is_wrong(place, says, settings):
    settings.BESIDE.data.chmod(0o755)

    how, words = says("data folder's rights")

    assert how == How.WRONG
    assert "chmod 700" in words


def test_a_root_key_in_the_data_folder_is_wrong(place, says, settings):
    inside = settings.BESIDE.data / "root.key"
    inside.write_bytes(bytes(32))

    assert says("root key's place", root_key_file=inside)[0] == How.WRONG


def test_a_root_key_without_a_place_is_wrong(place, says, settings, tmp_path):
    how, words = says("place", data=tmp_path / "unmounted")

    assert how == How.WRONG
    assert "Mount its disk" in words


def test_a_root_key_beside_the_data_folder_is_noted(place, says):
    assert says("root key's place")[0] == How.NOTE


def test_a_worker_that_fell_silent_is_wrong(place, says, settings):
    assert says("worker")[0] == How.WRONG

    heartbeat.beat(settings.BESIDE.data)

    assert says("worker")[0] == How.WELL


def test_a_backup_is_missed_at_first_and_after_eight_days(place, says, settings):
    assert says("backup")[0] == How.NOTE

    remember(settings.BESIDE.data, LastBackup(timezone.now() - timedelta(days=9), "/mnt/b"))
    assert says("backup")[0] == How.WRONG

    remember(settings.BESIDE.data, LastBackup(timezone.now(), "/mnt/b"))
    assert says("backup")[0] == How.WELL


def test_a_backup_that_found_something_lost_is_wrong(place, says, settings):
    remember(settings.BESIDE.data, LastBackup(timezone.now(), "/mnt/b", 2))

    how, words = says("backup")

    assert how == How.WRONG
    assert "2 files" in words
    assert "--put-back" in words


@pytest.mark.parametrize(
    ("url", "proxies", "how"),
    [
        ("http://localhost:8000", 0, How.WELL),
        ("http://photos.example.org", 0, How.WRONG),
        ("https://photos.example.org", 0, How.WRONG),
        ("https://photos.example.org", 1, How.WELL),
    ],
)
def test_passwords_must_not_travel_readable(place, says, url, proxies, how):
    assert says("address", url=url, trusted_proxies=proxies)[0] == how


def test_a_server_that_listens_to_the_network_without_tls_is_wrong(place, says):
    assert says("listening", bind="0.0.0.0:8000")[0] == How.WRONG


def test_a_mail_server_that_is_not_there_is_wrong(place, says):
    how, words = says("mail", smtp_url=SecretStr("smtp://127.0.0.1:1"))

    assert how == How.WRONG
    assert "can't be reached" in words


def test_a_mail_server_that_lets_us_in_is_well(place, says):
    with smtp_peer.running() as peer:
        how, words = says("mail", smtp_url=SecretStr(f"smtp://127.0.0.1:{peer.port}"), url=PLACE)

    assert how == How.WELL
    assert "beside@place.example" in words
    assert peer.taken == []


def test_a_mail_server_that_does_not_take_our_password_is_wrong(place, says):
    with smtp_peer.running() as peer:
        url = f"smtp://rose%40place.example:wrong@127.0.0.1:{peer.port}"
        how, words = says("mail", smtp_url=SecretStr(url), url=PLACE)

    assert how == How.WRONG
    assert "doesn't take this name and password" in words
    assert "wrong@" not in words


def test_a_mail_server_that_does_not_send_for_us_is_wrong(place, says):
    with smtp_peer.running() as peer:
        url = SecretStr(f"smtp://127.0.0.1:{peer.port}")
        how, words = says("mail", smtp_url=url, mail_from="stranger@place.example")

    assert how == How.WRONG
    assert "BESIDE_MAIL_FROM" in words


def test_mails_from_nobodys_address_are_wrong(place, says):
    with smtp_peer.running() as peer:
        url = SecretStr(f"smtp://127.0.0.1:{peer.port}")

        assert says("mail", smtp_url=url, url="http://localhost:8000")[0] == How.WRONG


def test_a_clock_behind_what_has_happened_is_wrong(place, says):
    assert says("clock")[0] == How.WELL

    Account.objects.update(joined_at=timezone.now() + timedelta(days=2))

    assert says("clock")[0] == How.WRONG


def test_a_place_without_tables_is_told_to_start_once(place, says, move, tmp_path):
    (tmp_path / "empty" / "data").mkdir(parents=True)
    (tmp_path / "empty" / "root.key").write_bytes(bytes(32))
    move.to(tmp_path / "empty")

    assert "beside serve makes it" in says("database")[1]


def test_unencrypted_swap_is_noted(tmp_path):
    swaps = tmp_path / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n")
    assert machine._swap(swaps).how == How.NOTE

    swaps.write_text("Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n")
    assert machine._swap(swaps).how == How.WELL


def test_it_reads_what_kind_of_file_system_a_folder_is_on():
    assert file_systems.file_system(Path("/proc/self")) in ("proc", "")


def test_a_folder_with_a_blank_in_its_name_is_found_among_the_mounts(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path}/two\\040words nfs4 rw 0 0\n")

    (tmp_path / "two words").mkdir()

    found = file_systems.file_system(tmp_path / "two words" / "data", mounts=mounts)

    assert found == "nfs4"


def test_a_database_on_a_network_share_is_wrong(place, says, monkeypatch):
    monkeypatch.setattr(folder, "file_system", lambda path: "nfs4")

    how, words = says("file system")

    assert how == How.WRONG
    assert "network share (nfs4)" in words


@pytest.mark.parametrize(("is_container", "how"), [(True, How.NOTE), (False, How.WRONG)])
def test_a_server_that_can_be_reached_past_its_proxy(
    place, says, monkeypatch, tmp_path, is_container, how
):
    sign = tmp_path / "sign"
    if is_container:
        sign.touch()
    monkeypatch.setattr(address, "_CONTAINERS", (str(sign),))

    found, words = says("listening", url=PLACE, trusted_proxies=1, bind="0.0.0.0:8000")

    assert found == how
    assert "past the proxy" in words


def test_a_folder_of_somebody_elses_says_as_whom_to_run(place, says, monkeypatch):
    monkeypatch.setattr(folder.os, "geteuid", lambda: os.getuid() + 1)

    how, words = says("owner")

    assert how == How.WRONG
    assert "sudo -u" in words


def test_a_server_of_ours_on_the_port_is_well(place, says, monkeypatch):
    monkeypatch.setattr(address, "_is_ours", lambda host, port: True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"

        assert says("port", bind=bind)[0] == How.WELL


@pytest.mark.thorough
def test_a_port_of_anothers_for_the_numbers_is_found_before_the_server_is(says):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        metrics = f"127.0.0.1:{taken.getsockname()[1]}"

        how, words = says("metrics' port", metrics=metrics)

    assert how == How.WRONG
    assert "BESIDE_METRICS" in words


def test_numbers_that_are_offered_already_are_our_own(says, tmp_path):
    port = free_port()
    with exposed(Env(metrics=f"127.0.0.1:{port}", data=tmp_path)):
        assert says("metrics' port", metrics=f"127.0.0.1:{port}")[0] == How.WELL


def _access_list(*entries: tuple[int, int, int]) -> bytes:
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *one) for one in entries)


NOBODYS = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("mine", "group", "how"), [(True, 0, How.WELL), (True, 4, How.WRONG), (False, 0, How.WRONG)]
)
def test_a_key_that_systemd_gives_by_an_access_list_is_nobody_elses(tmp_path, mine, group, how):
    """As Debian 13 hands it over: root's, and the service's by a list, which shows as 0440."""
    key = tmp_path / "root.key"
    key.write_bytes(bytes(32))
    user = os.geteuid() if mine else os.geteuid() + 1
    entries = [
        (1, 4, NOBODYS),
        (2, 4, user),
        (4, group, NOBODYS),
        (16, 4, NOBODYS),
        (32, 0, NOBODYS),
    ]
    try:
        os.setxattr(key, "system.posix_acl_access", _access_list(*entries))
    except OSError:
        pytest.skip("the file system of the tests has no access lists")
    assert key.stat().st_mode & 0o777 == 0o440

    assert folder.private("root key", key, 0o600).how == how


def test_a_check_that_fails_is_no_check_that_found_nothing(place, says, monkeypatch):
    def fails(env):
        raise LookupError

    monkeypatch.setattr(place_.mail, "look", fails)

    assert says("mail")[0] == How.WRONG


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (RequestException(), "doesn't answer"),
        (KeyError("issuer"), "not by that name"),
        (ValueError("no JSON"), "not by that name"),
    ],
)
def test_an_identity_provider_that_does_not_do_is_said_to(settings, monkeypatch, answers, says):
    told = {"oidc_url": "https://id.example", "oidc_name": "Lindholm", "oidc_client_id": "b"}
    env = settings.BESIDE.model_copy(update=told)

    def fail(_issuer):
        raise answers

    monkeypatch.setattr(identity_provider.identity_provider, "configuration", fail)
    [found] = identity_provider.look(env)

    assert (found.how, bool(found.mend)) == (How.WRONG, True)
    assert says in found.says


@pytest.mark.parametrize("keys", [{"keys": []}, {}, {"keys": [{"kty": "oct", "k": "x"}]}])
def test_an_identity_provider_without_its_keys_signs_nobody_in(settings, monkeypatch, keys):
    """What it says of itself isn't enough: what it says of people is signed."""
    env = settings.BESIDE.model_copy(update={"oidc_url": "https://id.example", "oidc_name": "L"})
    asked = []

    class Answer:
        def raise_for_status(self):
            pass

        def json(self):
            return keys

    class Asking(nullcontext):
        def get(self, address):
            asked.append(address)
            return Answer()

        def __enter__(self):
            return self

    told = {"jwks_uri": "https://id.example/keys"}
    monkeypatch.setattr(identity_provider.identity_provider, "configuration", lambda _: told)
    monkeypatch.setattr(identity_provider.identity_provider, "_asking", Asking)
    [found] = identity_provider.look(env)

    assert (found.how, asked) == (How.WRONG, ["https://id.example/keys"])
    assert "jwks_uri" in found.mend


def test_without_an_identity_provider_nothing_is_said_of_one(settings):
    assert list(identity_provider.look(settings.BESIDE)) == []
