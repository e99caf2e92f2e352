"""The audit trail (审计): chained histories, anchors, and whether all of it is whole."""
