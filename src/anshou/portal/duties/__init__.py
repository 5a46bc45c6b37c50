"""The agency's own records of confidentiality: register of processing, impact assessments, breaches."""
