"""Instances of users' classes: named tuples, members of enumerations, dataclasses."""
