"""numba's type of a named tuple that is handed on by reference. Loaded only where something is compiled.

Compiled, the tuple is one address: of a table with where each of its arrays lies and how long it is. An array of it is
a `Column`: read and written without a count of its owners (the tuple that `by_reference` was given owns them all), and
without looking whether an index is negative: no index of a loop may be. No two fields share memory, and that is said to
the compiler (LLVM's type-based alias analysis), so that what it has read of one field it need not read again because
another was written.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import default_manager
from numba.core.errors import TypingError
from numba.core.typing import signature
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global
from numba.extending import lower_builtin, lower_getattr, lower_getattr_generic, models, register_model, type_callable

from hovedindgang.planning.compiling import by_reference

_ADDRESS = ir.IntType(64)


class Referred(types.Type):
    """The table's address. `fields`: name and type of each, a `Column` or a number."""

    def __init__(self, fields: tuple[tuple[str, types.Type], ...]) -> None:
        self.fields = fields
        super().__init__(name=f"Referred{fields!r}")

    def place(self, attribute: str) -> tuple[int, types.Type] | None:
        """Where the field's entry begins in the table, in words of eight bytes, and its type."""
        at = 0
        for name, kind in self.fields:
            if name == attribute:
                return at, kind
            at += _words(kind)
        return None

    @property
    def words(self) -> int:
        return sum(_words(kind) for _name, kind in self.fields)


class Column(types.Type):
    """An array of the table: what it holds, its dimensions, and the field it is."""

    def __init__(self, dtype: types.Type, ndim: int, field: str) -> None:
        self.dtype, self.ndim, self.field = dtype, ndim, field
        super().__init__(name=f"Column({dtype}, {ndim}, {field})")


def _words(kind: types.Type) -> int:
    return 1 + kind.ndim if isinstance(kind, Column) else 1


@register_model(Referred)
class _ReferredModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _ADDRESS.as_pointer())


@register_model(Column)
class _ColumnModel(models.StructModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        members = [("data", types.CPointer(kind.dtype)), ("shape", types.UniTuple(types.intp, kind.ndim))]
        super().__init__(manager, kind, members)


# ---------------------------------------------------------------------------------------------------- what is typed


@type_callable(by_reference)
def _type_of_reference(context: Any) -> Any:
    def typer(fields: Any) -> Any:
        if not isinstance(fields, types.NamedTuple):
            return None
        found = []
        for name, kind in zip(fields.fields, fields.types, strict=True):
            if isinstance(kind, types.Array):
                if kind.layout != "C" or not kind.aligned:
                    raise TypingError(f"{name} must be contiguous")
                found.append((name, Column(kind.dtype, kind.ndim, f"{fields.instance_class.__name__}.{name}")))
            else:
                found.append((name, types.unliteral(kind)))
        return Referred(tuple(found))

    return typer


@infer_getattr
class _FieldsOfReferred(AttributeTemplate):
    key = Referred

    def generic_resolve(self, kind: Any, attribute: str) -> Any:  # type: ignore[override]
        found = kind.place(attribute)
        return found and found[1]


@infer_getattr
class _ShapeOfColumn(AttributeTemplate):
    key = Column

    def resolve_shape(self, kind: Any) -> Any:
        return types.UniTuple(types.intp, kind.ndim)


def _indexes(column: Any, index: Any) -> bool:
    many: bool = isinstance(index, types.BaseTuple)
    each = list(index) if many else [index]
    return isinstance(column, Column) and len(each) == column.ndim and all(isinstance(e, types.Integer) for e in each)


@infer_global(operator.getitem)
class _ReadingColumn(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(args[0].dtype, *args) if _indexes(*args) else None


@infer_global(operator.setitem)
class _WritingColumn(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        column, index, _value = args
        return signature(types.none, column, index, column.dtype) if _indexes(column, index) else None


# -------------------------------------------------------------------------------------------------- what is done


@lower_builtin(by_reference, types.BaseNamedTuple)
def _make_reference(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """The table, in the frame of the function that asks: its arrays live as long as the tuple it was given."""
    kind, fields = sig.return_type, sig.args[0]
    table = cgutils.alloca_once(builder, _ADDRESS, size=kind.words, name="table")
    at = 0
    for place, (_name, of) in enumerate(kind.fields):
        value = builder.extract_value(args[0], place)
        if isinstance(of, Column):
            array = context.make_array(fields.types[place])(context, builder, value)
            words = [builder.ptrtoint(array.data, _ADDRESS), *cgutils.unpack_tuple(builder, array.shape)]
        else:
            words = [value]
        for word in words:
            entry = builder.gep(table, [_ADDRESS(at)])
            _tagged(builder.store(word, builder.bitcast(entry, word.type.as_pointer())), builder, "table")
            at += 1
    return table


@lower_getattr_generic(Referred)
def _read_field(context: Any, builder: Any, kind: Any, value: Any, attribute: str) -> Any:
    at, of = kind.place(attribute)

    def word(number: int, type_: Any) -> Any:
        entry = builder.bitcast(builder.gep(value, [_ADDRESS(at + number)]), type_.as_pointer())
        return _tagged(builder.load(entry), builder, "table")

    if not isinstance(of, Column):
        return word(0, context.get_value_type(of))
    column = cgutils.create_struct_proxy(of)(context, builder)
    column.data = builder.inttoptr(word(0, _ADDRESS), context.get_data_type(of.dtype).as_pointer())
    column.shape = cgutils.pack_array(builder, [word(1 + n, _ADDRESS) for n in range(of.ndim)])
    return column._getvalue()


@lower_getattr(Column, "shape")
def _read_shape(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return cgutils.create_struct_proxy(kind)(context, builder, value).shape


@lower_builtin(operator.getitem, Column, types.Any)
def _read_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    column, pointer = _item(context, builder, sig, args)
    found = _tagged(builder.load(pointer), builder, column.field)
    return default_manager[column.dtype].from_data(builder, found)


@lower_builtin(operator.setitem, Column, types.Any, types.Any)
def _write_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    column, pointer = _item(context, builder, sig, args)
    data = default_manager[column.dtype].as_data(builder, args[2])
    _tagged(builder.store(data, pointer), builder, column.field)
    return context.get_dummy_value()


def _item(context: Any, builder: Any, sig: Any, args: Any) -> tuple[Any, Any]:
    kind, index = sig.args[:2]
    column = cgutils.create_struct_proxy(kind)(context, builder, args[0])
    many = isinstance(index, types.BaseTuple)
    types_ = tuple(index) if many else (index,)
    values = cgutils.unpack_tuple(builder, args[1]) if many else [args[1]]
    shape = cgutils.unpack_tuple(builder, column.shape)
    at = context.cast(builder, values[0], types_[0], types.intp)
    for dimension in range(1, kind.ndim):
        here = context.cast(builder, values[dimension], types_[dimension], types.intp)
        at = builder.add(builder.mul(at, shape[dimension], flags=["nsw"]), here, flags=["nsw"])
    return kind, builder.gep(column.data, [at], inbounds=True)


def _tagged(instruction: Any, builder: Any, name: str) -> Any:
    """Says to the compiler which field the instruction reads or writes."""
    module = builder.module
    root = module.add_metadata([ir.MetaDataString(module, "hovedindgang")])
    kind = module.add_metadata([ir.MetaDataString(module, name), root, ir.Constant(_ADDRESS, 0)])
    instruction.set_metadata("tbaa", module.add_metadata([kind, kind, ir.Constant(_ADDRESS, 0)]))
    return instruction
