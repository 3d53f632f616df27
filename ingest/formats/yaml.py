"""Parse YAML strictly into values with the line of each: keys once, no aliases, no tags, nothing constructed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import yaml

from graph.errors import Fault

ValuePath: TypeAlias = tuple[str | int, ...]
"""Path to a value: the keys and the indices that lead to it."""

MAX_CHARACTERS: Final = 8 * 2**20
MAX_DEPTH: Final = 50

_PLAIN_TAGS: Final = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "map", "seq"))


@dataclass(frozen=True, slots=True)
class ParsedYaml:
    """Value of a YAML text, and the line of each value by its path."""

    value: Any
    lines: Mapping[ValuePath, int]


def parse_yaml(text: str, *, plain: Callable[[str], Any]) -> tuple[ParsedYaml | None, list[Fault]]:
    """Parse a text, or return what is wrong with it.

    Args:
        text: At most 8 Mi characters, nested at most 50 deep.
        plain: Returns the value of a scalar without quotes; one in quotes is text.
    """
    if len(text) > MAX_CHARACTERS:
        return None, [Fault("the file", f"at most {MAX_CHARACTERS} characters", f"{len(text)}")]
    try:
        node = _NodeLoader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}" if mark else "the file"
        return None, [Fault(where, "YAML", error.problem or str(error))]
    except (yaml.YAMLError, ValueError) as error:
        return None, [Fault("the file", "YAML", " ".join(str(error).split())[:120])]
    reader = _ValueCollector(plain)
    value = None if node is None else reader.value(node, ())
    return (None, reader.faults) if reader.faults else (ParsedYaml(value, reader.lines), [])


class _NodeLoader(yaml.SafeLoader):
    """Loader that composes nodes without resolving them; refuses aliases, as a few could stand for millions."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - as PyYAML types it

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            self._refuse("an alias, expected the value itself")
        if self.depth == MAX_DEPTH:
            self._refuse(f"more than {MAX_DEPTH} values inside each other")
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _refuse(self, problem: str) -> None:
        raise yaml.composer.ComposerError(None, None, problem, self.get_mark())


class _ValueCollector:
    """Reader that collects values, their lines and faults."""

    def __init__(self, plain: Callable[[str], Any]) -> None:
        self.plain = plain
        self.lines: dict[ValuePath, int] = {}
        self.faults: list[Fault] = []

    def value(self, node: yaml.Node, path: ValuePath) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if node.tag not in _PLAIN_TAGS:
            self.faults.append(Fault(f"line {line}", "no tags", str(node.tag)))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, k)) for k, item in enumerate(node.value)]
        text = str(node.value)
        return text if getattr(node, "style", None) else self.plain(text)

    def _mapping(self, node: yaml.MappingNode, path: ValuePath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(Fault(f"line {line}", "a key that is text", "another"))
                continue
            key = str(key_node.value)
            if key in mapping:
                self.faults.append(Fault(f"line {line}", "each key once", f"{key!r} again"))
            self.lines[*path, key] = line
            mapping[key] = self.value(value_node, (*path, key))
        return mapping
