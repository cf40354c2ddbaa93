"""Correctly rounded values of the exact functions: mpmath at 300 bits, rounded once to double.

python exact-math.py > exact-math.json
"""
import base64
import json
import random
import struct

import mpmath
from mpmath import mp, mpf

mp.prec = 300
draw = random.Random(20260101)


def rounded(value):
    """mpf to double with one rounding, subnormals included (Python's integer division rounds correctly)."""
    value = mpf(value)
    if value == 0:
        return 0.0
    sign, man, exponent, _ = value._mpf_
    try:
        number = float(man << exponent) if exponent >= 0 else man / (1 << -exponent)
    except OverflowError:
        number = float('inf')
    return -number if sign else number


def uniform(low, high):
    return lambda: draw.uniform(low, high)


def log_uniform(low, high, signed=False):
    """Exponents of two evenly from low to high."""
    def one():
        x = float(mp.power(2, draw.uniform(low, high)))
        return -x if signed and draw.random() < 0.5 else x
    return one


def near(centre, low=-50, high=-5):
    return lambda: centre + draw.choice([-1, 1]) * 2.0 ** draw.uniform(low, high)


def subnormal():
    return draw.randrange(1, 2 ** draw.randrange(1, 53)) * 5e-324


def logistic(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log1p(mp.exp(x))


# name: (function, inputs with how many of each)
unary = {
    'exp': (mp.exp, [(uniform(-746, 710), 1500), (uniform(-2, 2), 700), (log_uniform(-60, -1, True), 500), (uniform(-745.2, -708), 300)]),
    'expm1': (mp.expm1, [(uniform(-40, 710), 500), (uniform(-2, 2), 400), (log_uniform(-60, 0, True), 300)]),
    'log': (mp.log, [(log_uniform(-1022, 1023.9), 1000), (uniform(0.3, 3), 1000), (near(1), 700), (subnormal, 300)]),
    'log1p': (mp.log1p, [(uniform(-1, 3), 1200), (log_uniform(-60, 0), 500), (lambda: -1 + 2.0 ** draw.uniform(-50, -2), 300), (log_uniform(0, 1020), 500), (near(0, -50, 0), 500)]),
    'log2': (lambda x: mp.log(x) / mp.ln2, [(log_uniform(-1022, 1023.9), 400), (near(1), 400), (uniform(0.3, 3), 300), (subnormal, 100)]),
    'log10': (mp.log10, [(log_uniform(-1022, 1023.9), 400), (near(1), 400), (uniform(0.3, 3), 300), (subnormal, 100)]),
    'sigmoid': (logistic, [(uniform(-745, 745), 500), (uniform(-40, 40), 1000), (uniform(-3, 3), 700), (log_uniform(-40, -1, True), 300)]),
    'tanh': (mp.tanh, [(uniform(-25, 25), 500), (uniform(-1, 1), 1000), (log_uniform(-60, 2, True), 500)]),
    'softplus': (softplus, [(uniform(-745, 745), 300), (uniform(-40, 40), 300)]),
    'logit': (lambda p: mp.log(p) - mp.log1p(-p), [(uniform(0, 1), 300), (near(0.5, -50, -2), 200), (log_uniform(-1022, -1), 100)]),
    'sin': (mp.sin, [(uniform(-7, 7), 300), (uniform(-1.6e6, 1.6e6), 300), (lambda: draw.randrange(1, 10 ** 6) * 1.5707963267948966, 300)]),
    'cos': (mp.cos, [(uniform(-7, 7), 300), (uniform(-1.6e6, 1.6e6), 300), (lambda: draw.randrange(1, 10 ** 6) * 1.5707963267948966, 300)]),
}


def packed(values):
    return base64.b64encode(struct.pack(f'<{len(values)}d', *values)).decode()


golden = {}
for name, (function, inputs) in unary.items():
    x = [take() for take, count in inputs for _ in range(count)]
    golden[name] = {'x': packed(x), 'value': packed([rounded(function(mpf(each))) for each in x])}

bases, exponents, powers = [], [], []
while len(bases) < 3000:
    kind = len(bases) % 4
    x = [log_uniform(-1022, 1023.9), uniform(0.3, 3), near(1, -40, -3), subnormal][kind]()
    limit = 1074 / max(abs(float(mp.log(mpf(x)) / mp.ln2)), 1e-12)
    y = draw.uniform(-limit, limit) if draw.random() < 0.8 else float(draw.randrange(-20, 21)) + draw.choice([0, 0.5])
    bases.append(x)
    exponents.append(y)
    powers.append(rounded(mp.power(mpf(x), mpf(y))))
golden['pow'] = {'x': packed(bases), 'y': packed(exponents), 'value': packed(powers)}

print(json.dumps({'mpmath': mpmath.__version__, **golden}))
