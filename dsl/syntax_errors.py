from tiaowen.dsl.diagnostics import diagnose
def explain_syntax_error(failure, text, span, kind):
    return diagnose("TW0101", span, found=failure.token.text, expected=str(failure.accepted()))
