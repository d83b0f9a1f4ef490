"""STAGE 2, pure: questionnaire + answers → route, piped text, progress. Knows no web, database or clock."""
