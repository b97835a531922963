"""Official documents as docx, laid out as GB/T 9704-2012 has it."""
