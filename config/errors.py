"""The errors of this package.

SettingsError
"""


class SettingsError(Exception):
    """Something set is wrong; the text is for the person who set it, one sentence a line.

    It holds no secret, and it is always raised with neither cause nor context: the exceptions
    underneath keep the input they could not read, which may be a token.
    """
