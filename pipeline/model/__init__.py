"""The words of Chuhe as types. Imports nothing else of ours."""
