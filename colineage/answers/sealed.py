"""Place of a store's sealed bodies, and actions on them, as JSON."""

from pathlib import Path

from colineage.answers.attribution import attribution_fields
from colineage.output import Json, print_message
from colineage.settings import Settings
from colineage.store_access import WriteAccess
from graph.bundle.body import mints_of
from graph.errors import Fault, InputError
from ingest.statements.draft import StatementDraft
from ingest.statements.seal import open_sealed, seal_file
from ingest.statements.sealed_folder import SealedFolder


def sealed_folder(settings: Settings, option: Path | None) -> SealedFolder:
    """Return the folder of sealed bodies: the one that is named, else that beside the store's file.

    Raises:
        InputError: None is named, and the store is no file.
    """
    folder = sealed_folder_if_any(settings, option)
    if folder is None:
        expected = (
            "a folder for sealed bodies of this store, as it is no file beside which they could lie"
        )
        raise InputError("no place for sealed bodies", [Fault("--sealed", expected, "nothing")])
    return folder


def sealed_folder_if_any(settings: Settings, option: Path | None) -> SealedFolder | None:
    """Return the folder as `sealed_folder`; `None` where none is named, and the store is no file."""
    scheme, _, path = settings.store.partition(":")
    if option is not None:
        return SealedFolder(option)
    return (
        SealedFolder(Path(f"{path}.sealed")) if scheme == "sqlite" and path != ":memory:" else None
    )


def seal(access: WriteAccess, path: Path, folder: SealedFolder) -> Json:
    """Seal the statements of a file: `{"file", "appended", "unchanged", "sealed", "log_size", "attributions"}`."""
    outcome = seal_file(access.store, access.speaker, path, folder)
    return {
        "file": str(path),
        "appended": list(outcome.appended),
        "unchanged": outcome.unchanged,
        "sealed": str(folder.path),
        "log_size": outcome.log_size,
        **attribution_fields(access.store, bundles=outcome.appended),
    }


def print_public_part(drafts: tuple[StatementDraft, ...]) -> None:
    """Print to stderr what anybody will read of statements that are to be sealed."""
    print_message(
        "Public at once and for good: who says it, when, with which key, under which grant and after which statements, and the hash "
        "of each body. Of what is said:"
    )
    for number, draft in enumerate(drafts, start=1):
        mints = [f"{mint.label} ({mint.kind})" for mint in mints_of(draft.body)]
        answers = [f"{answer.verb} {answer.target}" for answer in draft.answers]
        print_message(
            f"  statement {number}: labels {', '.join(mints) or 'none'}; answers {', '.join(answers) or 'none'}"
        )
    print_message("All else is sealed, until `colineage open`.")


def open_statement(access: WriteAccess, name: str, folder: SealedFolder) -> Json:
    """Open a sealed statement: `{"bundle", "appended", "log_size", "attributions"}`; `appended` is null where it was open."""
    outcome = open_sealed(access.store, access.speaker, name, folder)
    appended = [outcome.appended] if outcome.appended else []
    return {
        "bundle": name,
        "appended": outcome.appended,
        "log_size": outcome.log_size,
        **attribution_fields(access.store, bundles=[name, *appended]),
    }


def back_up_sealed(settings: Settings, export: Path, target: Path) -> int:
    """Copy the sealed bodies of a store's file into a folder apart from an export; return how many it has of them.

    Raises:
        InputError: The store is no file, the folder lies in the export, or a body isn't what was sealed.
        StoreError: The folder can't be written.
    """
    source = sealed_folder_if_any(settings, None)
    if source is None:
        expected = "a store in a file; of another, copy the folder that `seal --sealed` was given"
        raise InputError(
            "nothing to copy", [Fault("--sealed", expected, settings.store.partition(":")[0])]
        )
    if target.resolve().is_relative_to(export.resolve()):
        expected = f"a folder outside {export}, which is there for others to read"
        raise InputError("sealed bodies can't go there", [Fault("--sealed", expected, str(target))])
    return source.copy_to(SealedFolder(target))
