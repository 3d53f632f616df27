"""Command that makes a person's keys: init."""

import os
from typing import Annotated

import typer

from colineage.options import JsonOption
from colineage.output import print_answer, print_message
from colineage.settings import settings_from
from graph.errors import Fault, InputError

_HEADING = """
Your recovery key, as 24 words. Write them on paper, in this order, and keep it where you keep what must not be lost.
They are shown once and written to no file. Whoever has them is you; without them a stolen working key can't be ended.
"""


def init(
    *,
    no_recovery: Annotated[
        bool,
        typer.Option(
            "--no-recovery",
            help="Make no recovery key: a stolen key can then never be ended, nor a lost one replaced.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make your keys as a person. At a terminal: shows the recovery words once; --as person speaks with them."""
    from colineage.answers.person import (
        make_root_without_recovery,
        make_working_key,
        new_root_seed,
        root_signer,
    )
    from colineage.recovery_words import words_of
    from colineage.terminal import refuse_without_terminal, show_secret_words
    from colineage.views.key import person_view
    from graph.bundle.key_files import refuse_if_there
    from graph.clock import system_clock

    path = settings_from(os.environ).person_key
    refuse_if_there(path)
    if no_recovery:
        result = make_root_without_recovery(path)
        print_message(
            "This key has no recovery key. If it is stolen, nothing ends it: the thief speaks as you for ever. "
            "If it is lost, no other key can speak under its name."
        )
    else:
        refuse_without_terminal("the recovery words", "--no-recovery makes a key without them")
        if as_json:
            fault = Fault("--json", "--no-recovery beside it", "recovery words to show")
            raise InputError("recovery words are shown to a person alone", [fault])
        seed = new_root_seed()
        show_secret_words(words_of(seed), _HEADING)
        result = make_working_key(path, root_signer(seed), system_clock)
    print_answer(result, person_view, as_json=as_json)
