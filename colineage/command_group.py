"""Group of commands: a Typer app with the settings of all the programs here."""

import typer


def command_group(name: str, help_text: str) -> typer.Typer:
    """Return an empty group, which prints its help where no command is named."""
    return typer.Typer(
        name=name,
        help=help_text,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
