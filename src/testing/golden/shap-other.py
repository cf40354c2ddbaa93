"""DeepSHAP of networks and correlation-aware linear SHAP, of the shap package; Shapley values of a network by definition.

pip install shap==0.51.0 torch==2.15.0 numpy; python -P shap-other.py > shap-other.json
The linear explainer draws random orders of the features; here it is given every order once, so that its answer is exact.
"""
import itertools
import json

import numpy as np
import shap
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)
draw = np.random.default_rng(5)
WIDTH = 5
mixing = draw.standard_normal((WIDTH, WIDTH))
X = (draw.standard_normal((400, WIDTH)) @ mixing / 2).astype(np.float32).astype(np.float64)
background, rows = X[:30], X[100:112]


def floats(tensor):
    return [float(v) for v in tensor.detach().numpy().astype(np.float32).ravel()]


def network(name, activation):
    units = [WIDTH, 8, 6, 1]
    layers = []
    for before, after in zip(units, units[1:]):
        layer = nn.Linear(before, after)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(layer.weight.numpy().astype(np.float32) * 2))
            layer.bias.copy_(torch.from_numpy(layer.bias.numpy().astype(np.float32)))
        layers += [layer, activation()]
    model = nn.Sequential(*layers[:-1])
    deep = shap.DeepExplainer(model, torch.from_numpy(background))
    # Integrated gradients from every background row, by a fine midpoint rule: what expected gradients sample.
    gradients = np.zeros_like(rows)
    for other in background:
        for step in range(200):
            point = torch.from_numpy(other + (step + 0.5) / 200 * (rows - other)).requires_grad_()
            model(point).sum().backward()
            gradients += point.grad.numpy() * (rows - other) / 200 / len(background)
    return {
        "name": name,
        "layers": [
            {"weights": floats(layer.weight.T), "biases": floats(layer.bias), "units": layer.out_features}
            for layer in model if isinstance(layer, nn.Linear)
        ],
        "expected": float(deep.expected_value[0]),
        "attributions": deep.shap_values(torch.from_numpy(rows)).reshape(rows.shape).tolist(),
        "integratedGradients": gradients.tolist(),
    }


def linear():
    coefficients = draw.standard_normal(WIDTH)
    orders = iter(list(itertools.permutations(range(WIDTH))))

    def next_order(indices):
        indices[:] = next(orders)

    np.random.shuffle = next_order
    explainer = shap.LinearExplainer(
        (coefficients, 0.3), X, feature_perturbation="correlation_dependent", nsamples=120
    )
    return {
        "coefficients": coefficients.tolist(),
        "intercept": 0.3,
        "expected": float(explainer.expected_value),
        "attributions": explainer.shap_values(rows).tolist(),
    }


print(json.dumps({
    "sample": X.tolist(),
    "backgroundRows": len(background),
    "rows": rows.tolist(),
    "networks": [network("relu", nn.ReLU), network("gelu", nn.GELU)],
    "linear": linear(),
}))
