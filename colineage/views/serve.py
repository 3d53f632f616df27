"""View of `serve`."""

from rich.console import RenderableType

from colineage.output import Json
from colineage.views.layout import pairs


def serve_view(answer: Json) -> RenderableType:
    """Lay out the answer of `colineage serve`."""
    return pairs([("explorer", answer["url"]), ("GraphQL", answer["graphql"]), ("stop", "Ctrl-C")])
