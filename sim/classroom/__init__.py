"""A lesson for a classroom: one offline page that steps through what customers' decisions weigh."""
