"""As much of JSON Schema as `/openapi.json` uses for answers, stricter in one thing: what no schema names is wrong."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
FORMATS = {"date-time": datetime.fromisoformat, "date": date.fromisoformat}


@dataclass(frozen=True)
class Described:
    """`schemas` are the named ones, which others refer to."""

    schemas: dict[str, Any]

    def validate(self, value: Any, schema: dict[str, Any], at: str) -> None:
        """Raises AssertionError that names the place."""
        if "$ref" in schema:
            self.validate(value, self.schemas[schema["$ref"].rpartition("/")[2]], at)
            return
        if "anyOf" in schema:
            assert any(self._fits(value, one, at) for one in schema["anyOf"]), f"{at}: {value!r} fits none"
            return
        kind = schema["type"]
        assert isinstance(value, TYPES[kind]), f"{at}: {value!r} is no {kind}"
        assert not (isinstance(value, bool) and kind != "boolean"), f"{at}: {value!r} is no {kind}"
        assert value in schema.get("enum", [value]), f"{at}: {value!r} is not among {schema['enum']}"
        assert value == schema.get("const", value), f"{at}: {value!r} is not {schema['const']!r}"
        if kind == "string" and schema.get("format") in FORMATS:
            FORMATS[schema["format"]](value)
        if kind == "array":
            for index, item in enumerate(value):
                self.validate(item, schema["items"], f"{at}[{index}]")
        if kind == "object":
            self._validate_object(value, schema, at)

    def _validate_object(self, value: dict[str, Any], schema: dict[str, Any], at: str) -> None:
        properties = schema["properties"]
        assert set(schema.get("required", ())) <= set(value) <= set(properties), f"{at}: {sorted(value)}"
        for name, item in value.items():
            self.validate(item, properties[name], f"{at}.{name}")

    def _fits(self, value: Any, schema: dict[str, Any], at: str) -> bool:
        try:
            self.validate(value, schema, at)
        except (AssertionError, ValueError):
            return False
        return True
