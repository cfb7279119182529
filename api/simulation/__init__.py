"""Years of a street, lived through the public commands: neighbours, funds, partners, faults and frauds, all from one seed.

`life.live` runs it, `street.Street` is who lives there, each chapter one engine's part of a day, `checks` what must hold.
Ids, salts and keys are random as everywhere; who does what, and when, follows from the seed alone.
"""
