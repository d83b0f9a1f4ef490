"""Try a questionnaire as a respondent or an interviewer meets it, without leaving data: nothing here writes."""
