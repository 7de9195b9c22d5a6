"""`str`: text as runs of code points, 1, 2 or 4 bytes each.

primitives.py   what a text is made of; code points read and written
building.py     new texts: `new_block`, `put_text`, `finish`; slices that share memory
basics.py       `len + * == < []`, iteration, truth; representing.py: repr, ascii; hashing.py: hash
scanning.py     where a text lies in another; search.py, splitting.py: the methods on it
shaping.py      strip, fill, tabs; classes.py: isalpha and the like; casing.py, translating.py
byte_strings.py bytes

A text's width is the least that holds its code points, always: equal texts have equal bytes. A
slice shares its owner's memory where its width is the owner's, and is a copy where it is narrower.
"""
