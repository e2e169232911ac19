"""An open, self-hosted SMS contact centre that speaks the SMS Session API of Genesys Web Services v2."""

__version__ = "0.1.0"
