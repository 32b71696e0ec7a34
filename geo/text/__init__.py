"""A result in words: the catalogue of texts, numbers as languages write them, and sentences.

::

    labels, numerals    texts, columns and colours of the catalogue; numbers
    phrases, fields     the words a result brings to each text; what each column is called
    headline, overview  findings in plain sentences, and what the counts themselves say
    summary             a run in a dozen lines
    about, auditlines, layerlines, comparisons, supportlines    maps, tables, layers and answers in lines
    references          the papers behind each method
"""
