# The cases of Cases.java by torch.autograd.gradcheck as it comes: eps 1e-6, atol 1e-5, rtol 1e-3, double. One line a case: name, verdict, message, milliseconds.
import time
import warnings

import torch
from torch.autograd import Function, gradcheck

warnings.simplefilter("ignore")


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dy):
        (y,) = ctx.saved_tensors
        return dy * y


class Square(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, dy):
        (x,) = ctx.saved_tensors
        return dy * x


class Nearly(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.tanh(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dy):
        (y,) = ctx.saved_tensors
        return dy * 1.0001 * (1 - y * y)


def normal(*shape, scale=1.0):
    return (scale * torch.randn(*shape, dtype=torch.double)).requires_grad_()


def layer(activation, zero=False):
    x = normal(1, 1).detach() if zero else normal(4, 5).detach()
    w = torch.zeros(1, 1, dtype=torch.double).requires_grad_() if zero else normal(5, 3, scale=0.5)
    t = normal(x.shape[0], w.shape[1]).detach()
    return lambda w: ((activation(x @ w) - t) ** 2).mean(), (w,)


def pooled():
    image = normal(1, 1, 1, 2).detach()
    w = torch.zeros(1, 1, 1, 1, dtype=torch.double).requires_grad_()
    return lambda w: ((torch.nn.functional.max_pool2d(torch.nn.functional.conv2d(image, w), (1, 2)) - 0.5) ** 2).mean(), (w,)


def lstm():
    unit = torch.nn.LSTM(2, 3, batch_first=True).double()
    x = normal(2, 5, 2)
    weights = tuple(unit.parameters())
    return lambda *_: torch.sin(unit(x)[0]).mean(), weights


def offset():
    x = normal(4, 5).detach()
    w = normal(5, 3, scale=0.5)
    return lambda w: (((x @ w) ** 2 + 1e8 - 1e8) ** 2).mean(), (w,)


CASES = {
    "tanh": lambda: layer(torch.tanh),
    "relu at its kink": lambda: layer(torch.relu, zero=True),
    "max pool, a tie": pooled,
    "LSTM": lstm,
    "sigmoid without (1 - σ)": lambda: layer(Sigmoid.apply),
    "square, half its slope": lambda: layer(Square.apply),
    "tanh, slope off by 1e-4": lambda: layer(Nearly.apply),
    "sin(100000 x)": lambda: layer(lambda x: torch.sin(100000 * x)),
    "x² beside 1e8": offset,
    "dropout": lambda: layer(lambda x: torch.nn.functional.dropout(x, 0.5, training=True)),
}

for name, case in CASES.items():
    for _ in range(2):
        torch.manual_seed(1)
        function, inputs = case()
        begin = time.perf_counter()
        try:
            gradcheck(function, inputs)
            said = "PASS", ""
        except Exception as failure:
            said = "FAIL", " ".join(str(failure).split())
        milliseconds = 1000 * (time.perf_counter() - begin)
    print("\t".join([name, *said, f"{milliseconds:.1f}"]), flush=True)
