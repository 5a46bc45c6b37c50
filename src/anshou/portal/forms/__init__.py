"""Forms made from shapes: what a `msgspec.Struct` says of its fields is all that a page needs to ask for them.

`fields` describes a shape, `typed` reads what a browser sent, `shown` puts both together for the template
`forms/record.html`. A field's name in the form is its path in the shape, `measures[0].action`, which is also how
`tenants.shapes` names a fault, so a fault always finds its field.
"""
