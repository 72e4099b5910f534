"""The list: children with a child protection plan now, who keeps it and who asks it."""
