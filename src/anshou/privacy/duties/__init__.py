"""What the law asks the agency to write down: processing activities, impact assessments and breaches (PIPL 55-57)."""
