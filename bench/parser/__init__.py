"""The recipe of the parser that ships: convert, pretrain, train, evaluate."""
