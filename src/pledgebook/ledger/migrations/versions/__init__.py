"""One module a migration; a migration that was released is never edited."""
