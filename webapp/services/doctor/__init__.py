"""The doctor: do all rows that a case has set down fit together, and can what is derivable be derived anew?"""
