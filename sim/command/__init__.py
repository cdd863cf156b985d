"""The command line: arguments in, one sentence for every mistake, files and a verdict out."""
