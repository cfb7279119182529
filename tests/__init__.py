"""Everything that is checked: mirrors the rooms of the program, told as stories with given, when, then."""
