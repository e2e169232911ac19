"""The API described from its own structs and tables, with hand-written words beside them: what `/docs`,
openapi.json, asyncapi.json and the reference pages are made of. Answers no operation itself.
"""
