"""For every row of the conditions of a correction of key data a case that it catches, and one just beside it."""

from tests.workflows.shipped_tables import HIGHER, PACKS
from tests.workflows.suspension_rows import RECORD

LAWFUL = {
    "key_data": RECORD
    | {
        "kind": "key_data",
        "fields": ("identity_number",),
        "all_key": True,
        "same_as_before": False,
        "identity_faults": (),
        "identity_change": "last_four",
        "school_year": 2,
    },
}


def faulty(fault):
    return {"identity_faults": (fault,)}, {"identity_faults": ()}


# (kind, row, packs under which it is met, facts that meet it, facts just beside them)
ROWS = [
    ("key_data", "key_data_state", PACKS, {"state": "graduated"}, {"state": "suspended"}),
    ("key_data", "key_data_not_key", PACKS, {"all_key": False}, {"all_key": True}),
    ("key_data", "key_data_same", PACKS, {"same_as_before": True}, {"same_as_before": False}),
    ("key_data", "key_data_form", PACKS, *faulty("form")),
    ("key_data", "key_data_check_character", PACKS, *faulty("check_character")),
    ("key_data", "key_data_region", PACKS, *faulty("region")),
    ("key_data", "key_data_birth_date", PACKS, *faulty("birth_date")),
    ("key_data", "key_data_sex", PACKS, *faulty("sex")),
    ("key_data", "key_data_duplicate", PACKS, *faulty("duplicate")),
    ("key_data", "key_data_higher_number", [HIGHER], {"identity_change": "others"}, {"identity_change": "none"}),
    ("key_data", "key_data_higher_base", [HIGHER], {"fields": ("name",)}, {"fields": ("identity_number",)}),
    ("key_data", "key_data_higher_base", [HIGHER], {"fields": ("sex",)}, {"fields": ("ethnicity",)}),
    ("key_data", "key_data_higher_base", [HIGHER], {"fields": ("birth_date",)}, {"fields": ()}),
    ("key_data", "key_data_higher_base", [HIGHER], {"fields": ("native_place",)}, {"fields": ()}),
    ("key_data", "key_data_higher_ethnicity", [HIGHER], {"fields": ("ethnicity",)}, {"fields": ("name",)}),
    ("key_data", "key_data_higher_year", [HIGHER], {"school_year": 1}, {"school_year": 2}),
    ("key_data", "key_data_higher_year", [HIGHER], {"school_year": 3}, {"school_year": 2}),
]  # fmt: skip
