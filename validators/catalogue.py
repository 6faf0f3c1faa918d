"""The finding codes that checks can raise, with the message variants a rulebook must word.

A code lists its variants; every variant lists the words its Chinese text may use. The sentences
themselves, with clause and severity, are in the rulebook.
"""

COMPARED = {
    "different": ("paper", "declared", "observed", "reason"),
    "doubtful": ("paper", "declared", "observed", "reason"),
    "unread": ("paper", "declared", "reason"),
}
"""Variants of every code that compares one value over declaration and papers."""

WORDED = {**COMPARED, "read_differently": COMPARED["doubtful"]}
"""The same for names, of which a character may be misread while other papers bear them out."""

Variants = dict[str, tuple[str, ...]]

CATALOGUE: dict[str, Variants] = {
    "MATERIAL_MISSING": {"missing": ("material",), "maybe_unreadable": ("material", "files")},
    "MATERIAL_UNREADABLE": {
        "file": ("material", "file", "reason"),
        "fields": ("material", "file", "reason"),
        "other": ("file", "reason"),
    },
    "MATERIAL_KIND_DIFFERS": {"differs": ("file", "declared", "observed")},
    "MATERIAL_REPEATED": {"repeated": ("pages",)},
    "MATERIAL_UNKNOWN": {"unknown": ("file", "pages")},
    "NAME_MISMATCH": WORDED,
    "ID_NUMBER_INVALID": {"declared": ("reason",), "paper": ("paper", "reason")},
    "ID_NUMBER_MISMATCH": COMPARED,
    "BIRTH_DATE_MISMATCH": {**COMPARED, "declared": ("declared", "observed")},
    "GENDER_MISMATCH": {**COMPARED, "declared": ("declared", "observed")},
    "ID_CARD_EXPIRED": {"expired": ("observed", "applied"), "doubtful": ("observed", "applied")},
    "EDUCATION_LEVEL_MISMATCH": COMPARED,
    "DEGREE_MISMATCH": COMPARED,
    "INSTITUTION_MISMATCH": WORDED,
    "MAJOR_MISMATCH": WORDED,
    "GRADUATION_DATE_MISMATCH": COMPARED,
    "DIPLOMA_NUMBER_MISMATCH": COMPARED,
    "DEGREE_NUMBER_MISMATCH": COMPARED,
    "CERTIFICATE_NUMBER_INCONSISTENT": {"inconsistent": ("number", "reason")},
    "RECORD_EXPIRED": {"expired": ("observed", "applied"), "doubtful": ("observed", "applied")},
    "RECORD_VALIDITY_UNKNOWN": {
        "recent": ("updated", "applied"),
        "old": ("updated", "applied", "months"),
        "undated": ("applied",),
        "unread": ("applied",),
    },
    "STUDY_DATES_IMPLAUSIBLE": {"implausible": ("reason",)},
    "NOT_GRADUATED": {
        "conclusion": ("paper", "observed"),
        "doubtful": ("paper", "observed"),
        "enrolment": ("paper",),
        "unread": ("paper",),
    },
    "MAJOR_UNRELATED": {"unrelated": ("major", "position", "level", "reason")},
    "CONTRIBUTIONS_GAP": {
        "unpaid": ("months", "first", "last"),
        "not_shown": ("months", "first", "last"),
        "doubtful": ("months", "first", "last"),
    },
    "CONTRIBUTIONS_LATEST_PENDING": {"pending": ("months", "first", "last")},
    "CONTRIBUTIONS_UNPROVEN": {
        "range": ("first", "last"),
        "count": ("first", "last"),
        "insurance": ("first", "last", "insurance"),
        "months": ("months", "first", "last"),
        "no_months": ("first", "last"),
    },
    "CONTRIBUTIONS_LATE_PAID": {"late": ("months",)},
    "CONTRIBUTIONS_OUTSIDE_PROVINCE": {
        "outside": ("months", "observed", "province"),
        "doubtful": ("months", "observed", "province"),
        "unknown": ("province",),
    },
    "CONTRIBUTIONS_DECLARED_MISMATCH": {
        "months": ("declared", "months"),
        "payer": ("declared", "observed", "reason"),
    },
    "PAYER_MISMATCH": {**WORDED, "different": (*COMPARED["different"], "month")},
    "EMPLOYER_MISMATCH": {
        **WORDED,
        "other_paper": ("paper", "declared", "observed", "reason"),
        "code": ("paper", "declared", "observed"),
    },
    "CONTRACT_NOT_IN_FORCE": {
        "ended": ("observed", "applied"),
        "not_begun": ("observed", "applied"),
        "doubtful": ("observed", "applied"),
        "unread": ("applied",),
    },
    "CONTRACT_UNSIGNED": {"unsigned": ("reason",)},
    "DISPATCH_PARTIES_UNCLEAR": {
        "unread": ("reason",),
        "not_applying_unit": ("agency", "host", "declared"),
    },
    "FREELANCER_HAS_EMPLOYER": {
        "contract": ("observed",),
        "payer": ("observed", "months"),
        "doubtful": ("observed", "reason"),
    },
    "USCC_INVALID": {"declared": ("observed",), "paper": ("paper", "observed")},
    "EMPLOYER_OUTSIDE_PROVINCE": {
        "outside": ("observed", "division", "province"),
        "national": ("observed", "province"),
    },
    "RECOMMENDATION_NEGATIVE": {
        "negative": ("observed",),
        "someone_else": ("declared", "observed", "reason"),
        "doubtful": ("declared", "observed", "reason"),
        "read_differently": ("declared", "observed", "reason"),
        "unread": ("reason",),
    },
    "PLEDGE_UNSIGNED": {"unsigned": ("reason",)},
    "TENURE_SHORT": {"short": ("start", "until", "months", "needed", "reached")},
    "TENURE_UNPROVEN": {"unproven": ("declared", "start", "months", "needed")},
    "NO_CLAUSE_MET": {"none": ("level", "reason")},
    "PRIOR_RECOGNITION_BARS": {
        "barred": ("decided", "clause", "level"),
        "unclear": ("decided", "clause", "level"),
    },
    "SANCTION_IN_FORCE": {"in_force": ("established", "until")},
    "SUBMITTED_OUTSIDE_WINDOW": {"outside": ("applied", "opens", "closes")},
    "FILE_EDITED": {"edited": ("file", "reason"), "patched": ("file", "reason")},
    "TEXT_LAYER_DIFFERS": {"differs": ("paper", "reason")},
    "SIGNATURE_BROKEN": {"broken": ("paper", "reason"), "unverifiable": ("paper", "reason")},
    "CODE_DIFFERS": {"differs": ("paper", "reason")},
    "IMAGE_EDIT_SUSPECTED": {"suspected": ("paper", "reason")},
    "SHARED_ACROSS_DOSSIERS": {
        "shared": ("what", "dossiers"),
        "unit": ("what", "dossiers"),
        "wording": ("what", "dossiers"),
    },
    "STATE_SECRET_MARK": {"marked": ("file", "reason")},
}

FALLS_BACK: dict[tuple[str, str], str] = {
    ("FILE_EDITED", "patched"): "edited",
    ("SHARED_ACROSS_DOSSIERS", "unit"): "shared",
    ("SHARED_ACROSS_DOSSIERS", "wording"): "shared",
    **{
        (code, "read_differently"): "doubtful"
        for code in (
            "NAME_MISMATCH",
            "INSTITUTION_MISMATCH",
            "MAJOR_MISMATCH",
            "PAYER_MISMATCH",
            "EMPLOYER_MISMATCH",
            "RECOMMENDATION_NEGATIVE",
        )
    },
}
"""Variants that came later, and the one that speaks for them in a rulebook that lacks them.

Rulebooks are kept with the reports they made: what loaded once must load again.
"""
