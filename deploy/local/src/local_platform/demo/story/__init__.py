"""The story that `./pass demo` plays: one concert, from the place's sign-up to its reimbursement."""
