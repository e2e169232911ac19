"""Our structs as the documented JSON and back, spelled once. Pure; knows no transport."""
