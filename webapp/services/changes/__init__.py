"""Registry changes (学籍异动) before they are cases: what each kind asks, which rules it stands under, may it start.

What all kinds have in common stands here, what one kind has of its own in `kinds/`.
"""
