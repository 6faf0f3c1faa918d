"""An invented person and the numbers of papers that nobody holds (domain facts §10)."""

from pipeline.model.checksums import id_number_check_digit

NAME = "林样例"
ID_NUMBER = "51010219960308123" + id_number_check_digit("51010219960308123")
"""Born 1996-03-08 in a county that was abolished before; 男."""
SCHOOL = "云岚样例大学"
DIPLOMA_NUMBER = "990101201905001234"
DEGREE_NUMBER = "9901042019000123"
