"""Keys can be changed while the house writes; a key that is lost or wrong is said in words, and nothing is written."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection, connections, models
from django.test.utils import isolate_apps

from hovedindgang.kernel import encryption, keyring, rotation
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.commands import CannotDo
from hovedindgang.kernel.encryption import SEALED, CannotDecrypt, blind_index, decrypt, encrypt, sealed_column
from hovedindgang.kernel.fitting_keys import misfits
from hovedindgang.kernel.keyring import BadKeys, KeysDoNotFit, add_key, keys_in, ring
from hovedindgang.kernel.keys_commands import keys
from hovedindgang.kernel.models import Event, KeyCanary
from hovedindgang.kernel.rotation import rotate, values_by_key

PLACE = "kernel_keycanary.sealed"  # the one table of this room that holds sealed values
OTHER = "33" * 32


@pytest.fixture
def key_file(settings, tmp_path: Path) -> Iterator[Path]:
    """Keys in a file, as where the environment gives none; proven anew."""
    settings.CPR_KEY, settings.KEY_FILE = "", tmp_path / "keys.json"
    write(settings.KEY_FILE, {"secret": "s", "cpr": "11" * 32, "index": "22" * 32})
    encryption.forget_proofs()
    yield settings.KEY_FILE
    encryption.forget_proofs()
    settings.CPR_KEY = "11" * 32
    encryption.trust(ring())


def write(file: Path, keys: dict[str, object]) -> None:
    made = file.with_suffix(".new")
    made.touch(mode=0o600)
    made.write_text(json.dumps(keys))
    made.replace(file)


@pytest.fixture
def shelf(transactional_db: None) -> Iterator[str]:
    """A table of some room with sealed values, and one with sealed values inside JSON."""
    with connection.cursor() as cursor:
        blob, kept = ("bytea", "jsonb") if connection.vendor == "postgresql" else ("BLOB", "TEXT")
        number = "bigserial" if connection.vendor == "postgresql" else "integer"
        cursor.execute(f"CREATE TABLE shelf (id {number} PRIMARY KEY, sealed {blob}, data {kept})")
    sealed_column("shelf.sealed", table="shelf", column="sealed")
    sealed_column("shelf.data", table="shelf", column="data", within=("secret", "codes"))
    yield "shelf.sealed"
    del SEALED["shelf.sealed"], SEALED["shelf.data"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shelf")


def put(*plain: str) -> None:
    with connection.cursor() as cursor:
        for text in plain:
            cursor.execute("INSERT INTO shelf (sealed) VALUES (%s)", [encrypt(text, place="shelf.sealed")])


def on_the_shelf() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM shelf WHERE sealed IS NOT NULL ORDER BY id")
        return [decrypt(bytes(sealed), place="shelf.sealed") for (sealed,) in cursor.fetchall()]


# ----------------------------------------------------------------------------------------------------------- changing


def test_every_value_is_sealed_anew_and_reads_as_before(key_file: Path, shelf: str) -> None:
    put(*"abcde")
    assert add_key() == 2
    assert on_the_shelf() == list("abcde")
    done = rotate(actor=SYSTEM, batch=2)
    assert (done.to, done.values, done.left, done.unreadable) == (2, 5, 0, [])
    assert on_the_shelf() == list("abcde")
    assert values_by_key() == {2: 5}
    told = Event.objects.get(verb="keys.rotated")
    assert (told.subject_id, told.facts) == ("2", {"values": 5, "left": 0, "unreadable": 0})
    assert rotate(actor=SYSTEM).values == 0


def test_values_inside_json_are_sealed_anew_and_what_stands_beside_them_stays(key_file: Path, shelf: str) -> None:
    def sealed(text: str) -> str:
        return encrypt(text, place="shelf.data").hex()

    data = {"secret": sealed("one"), "codes": [sealed("two"), sealed("three")], "used_mask": 5}
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO shelf (data) VALUES (%s)", [json.dumps(data)])
        cursor.execute("INSERT INTO shelf (data) VALUES (%s)", ['{"other": 1}'])
    assert values_by_key() == {1: 3}
    add_key()
    rotate(actor=SYSTEM)
    assert values_by_key() == {2: 3}
    with connection.cursor() as cursor:
        cursor.execute("SELECT CAST(data AS TEXT) FROM shelf ORDER BY id")
        first, second = (json.loads(row[0]) for row in cursor.fetchall())
    opened = [decrypt(bytes.fromhex(text), place="shelf.data") for text in (first["secret"], *first["codes"])]
    assert (opened, first["used_mask"], second) == (["one", "two", "three"], 5, {"other": 1})


def test_what_is_written_meanwhile_is_neither_lost_nor_forgotten(
    key_file: Path, shelf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading a row and writing it back, the desk writes it; compare and swap leaves hers standing."""
    put(*(str(n) for n in range(6)))
    old = keyring.ring()
    add_key()
    swap, written = rotation._swap, []

    def swap_after_the_desk(column, made):
        if not written and column.table == "shelf" and made:
            written.append(True)
            hers = encryption.seal_with(old, "hers", place="shelf.sealed")  # by a process that has the old key still
            with connection.cursor() as cursor:
                cursor.execute("UPDATE shelf SET sealed = %s WHERE id = (SELECT min(id) FROM shelf)", [hers])
        return swap(column, made)

    monkeypatch.setattr(rotation, "_swap", swap_after_the_desk)
    done = rotate(actor=SYSTEM)
    assert on_the_shelf() == ["hers", "1", "2", "3", "4", "5"]
    assert (done.left, values_by_key()) == (0, {2: 6})
    assert done.rounds == 2


def test_a_swap_that_did_not_compare_would_lose_what_was_written_meanwhile(
    key_file: Path, shelf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken variant, so that the test above is worth something."""
    put("first")
    add_key()

    def swap_blindly(column, made):
        with connection.cursor() as cursor:
            for pk, _old, new in made:
                hers = encrypt("hers", place="shelf.sealed")
                cursor.execute("UPDATE shelf SET sealed = %s WHERE id = %s", [hers, pk])
                cursor.execute("UPDATE shelf SET sealed = %s WHERE id = %s", [new, pk])
        return len(made)

    monkeypatch.setattr(rotation, "_swap", swap_blindly)
    rotate(actor=SYSTEM)
    assert on_the_shelf() == ["first"]


def test_a_rotation_while_others_write_leaves_all_readable_under_the_new_key(key_file: Path, shelf: str) -> None:
    put(*(f"before {n}" for n in range(60)))
    stop, begun = threading.Event(), threading.Event()

    def write_on() -> None:
        try:
            for n in range(400):
                put(f"meanwhile {n}")
                begun.set()
                if stop.is_set():
                    break
        finally:
            connections.close_all()

    writer = threading.Thread(target=write_on)
    writer.start()
    assert begun.wait(10)
    add_key()
    done = rotate(actor=SYSTEM, batch=10)
    stop.set()
    writer.join()
    assert done.unreadable == []
    rotate(actor=SYSTEM)
    kept = on_the_shelf()
    assert len([text for text in kept if text.startswith("before")]) == 60
    assert values_by_key().keys() == {2}


def test_a_rotation_that_was_killed_is_begun_again(key_file: Path, shelf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(*"abcdef")
    add_key()
    swap, batches = rotation._swap, []

    def dies_in_the_second(column, made):
        batches.append(made)
        if len([one for one in batches if one]) == 2:
            raise KeyboardInterrupt
        return swap(column, made)

    monkeypatch.setattr(rotation, "_swap", dies_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        rotate(actor=SYSTEM, batch=2)
    assert values_by_key() == {1: 4, 2: 2}
    assert on_the_shelf() == list("abcdef")
    monkeypatch.undo()
    assert rotate(actor=SYSTEM, batch=2).values == 4
    assert on_the_shelf() == list("abcdef")


def test_what_no_key_opens_is_left_as_it_is_and_named(key_file: Path, shelf: str) -> None:
    put("a", "b")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shelf SET sealed = %s WHERE id = (SELECT min(id) FROM shelf)", [b"\x01" + b"x" * 40])
        cursor.execute("SELECT min(id) FROM shelf")
        broken = cursor.fetchone()[0]
    encryption.proven_ring()
    add_key()
    encryption.proven_ring()
    done = rotate(actor=SYSTEM)
    assert (done.values, done.left, done.unreadable) == (1, 0, [("shelf", broken)])


# ---------------------------------------------------------------------------------------------------- none is forgotten


def test_a_value_cannot_be_sealed_for_a_column_that_a_change_of_keys_would_forget() -> None:
    with pytest.raises(LookupError, match="would forget it"):
        encrypt("x", place="nowhere.at_all")


def test_every_column_that_was_named_is_there(db: None) -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for column in SEALED.values():
            assert column.table in tables
            found = {one.name for one in connection.introspection.get_table_description(cursor, column.table)}
            assert column.column in found, column


def columns_that_look_sealed(among: list[type[models.Model]]) -> set[tuple[str, str]]:
    return {
        (model._meta.db_table, field.column)
        for model in among
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and "sealed" in field.name
    }


def test_every_column_called_sealed_has_been_named() -> None:
    from django.apps import apps

    named = {(column.table, column.column) for column in SEALED.values()}
    assert columns_that_look_sealed(apps.get_models()) <= named


@isolate_apps("hovedindgang.kernel")
def test_a_column_called_sealed_that_was_forgotten_is_found() -> None:
    class Letter(models.Model):
        text_sealed = models.BinaryField()

        class Meta:
            app_label = "kernel"

    assert columns_that_look_sealed([Letter]) == {("kernel_letter", "text_sealed")}


# ------------------------------------------------------------------------------------------------ lost and wrong keys


def test_a_wrong_key_seals_nothing_and_is_said(key_file: Path, shelf: str) -> None:
    put("a")
    write(key_file, {"cpr": OTHER, "index": "22" * 32})
    with pytest.raises(KeysDoNotFit):
        put("b")
    with pytest.raises(CannotDecrypt):
        on_the_shelf()
    (line,) = misfits()
    assert line.startswith("Nøgle 1 er en anden end den, det gemte er låst med. Intet læses eller skrives med den.")
    write(key_file, {"cpr": "11" * 32, "index": "22" * 32})
    put("c")
    assert on_the_shelf() == ["a", "c"]


def test_a_lost_key_that_something_is_sealed_with_is_said(key_file: Path, shelf: str) -> None:
    put("a")
    write(key_file, {"cpr": f"2:{OTHER}", "index": "22" * 32})
    with pytest.raises(KeysDoNotFit):
        put("b")
    assert misfits()[0].startswith("Nøgle 1 mangler, og noget gemt er låst med den.")


def test_a_wrong_index_key_finds_nobody_and_says_so(key_file: Path, settings, db: None) -> None:
    blind_index("a", place="x")
    settings.INDEX_KEY = OTHER
    with pytest.raises(KeysDoNotFit):
        blind_index("a", place="x")
    assert misfits()[0].startswith("Indeksnøglen er en anden end den, borgerne findes med.")


def test_what_was_written_before_there_were_canaries_proves_the_key_too(key_file: Path, shelf: str) -> None:
    put("a")
    KeyCanary.objects.all().delete()
    write(key_file, {"cpr": OTHER, "index": "22" * 32})
    with pytest.raises(KeysDoNotFit):
        put("b")
    assert not KeyCanary.objects.exists()


def test_a_key_file_that_goes_while_the_house_is_open_is_remembered(key_file: Path, shelf: str) -> None:
    put("a")
    key_file.unlink()
    put("b")
    assert on_the_shelf() == ["a", "b"]


@pytest.mark.parametrize("written", ["12", "x" * 64, "0:" + OTHER, "256:" + OTHER, "a:" + OTHER])
def test_keys_that_cannot_be_read_are_refused(written: str, settings) -> None:
    with pytest.raises(BadKeys):
        keys_in(written)
    settings.CPR_KEY = written
    assert "kan ikke læses" in misfits()[0]
    settings.CPR_KEY = "11" * 32
    encryption.trust(ring())


def test_of_several_keys_in_the_environment_the_first_one_seals() -> None:
    assert keys_in(f"2:{OTHER},1:{'11' * 32}") == ({2: bytes.fromhex(OTHER), 1: b"\x11" * 32}, 2)
    assert keys_in(OTHER) == ({1: bytes.fromhex(OTHER)}, 1)


@pytest.mark.parametrize("written", [OTHER, f"2:{OTHER},1:{'11' * 32}", f"1:{OTHER},2:{'11' * 32}", f"2:{OTHER}"])
def test_keys_are_written_as_they_are_read(written: str) -> None:
    assert keyring.as_written(keyring.Ring(*keys_in(written), b"")) == written


# -------------------------------------------------------------------------------------------------------- the commands


def run(*words: str) -> Result:
    return CliRunner().invoke(keys, words, env={"HOVEDINDGANG_LANGUAGE": "en"})


def test_changing_a_key_from_first_to_last_at_the_command_line(key_file: Path, shelf: str) -> None:
    put("a", "b")
    assert run("check").output == "The keys fit what is stored.\n"
    assert run("new").output.startswith("Key 2 seals from now on.")
    assert stat.S_IMODE(os.stat(key_file).st_mode) == 0o600
    assert json.loads(run("list", "--json").output) == [
        {"key": 1, "here": True, "seals": False, "values": 2},
        {"key": 2, "here": True, "seals": True, "values": 0},
    ]
    refused = run("retire", "1").exception
    assert isinstance(refused, CannotDo)
    assert str(refused) == "2 stored values are sealed with key 1"
    rotated = run("rotate")
    assert (rotated.exit_code, rotated.output) == (0, "Key 2: 2 values were sealed anew.\n")
    assert run("retire", "1").exit_code == 0
    assert run("list").output == "Key 2: seals now, 2 stored values\n"
    assert on_the_shelf() == ["a", "b"]
    assert run("check").exit_code == 0


def test_a_key_file_that_others_can_read_is_said(key_file: Path, db: None) -> None:
    key_file.chmod(0o644)
    done = run("check")
    assert done.exit_code == 1
    assert "chmod 600" in done.output


def test_where_the_environment_gives_the_keys_the_new_one_is_shown_and_nothing_changed(db: None) -> None:
    said = run("new").output
    assert "HOVEDINDGANG_CPR_KEY=2:" in said
    assert ring().current == 1
