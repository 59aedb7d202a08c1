"""What a person sees of a decision: one presentation model, laid out as terminal text, Markdown
and a page of HTML. The regulation is always quoted as it stands; everything else is said in
Chinese or English."""
