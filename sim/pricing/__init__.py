"""Pricing: one verb - what does this customer owe for this period?"""
