"""Rows of products and their categories, rebuilt from the log at will."""

from django.db import models


class Category(models.Model):
    """A shelf of the shop, by the name that the shop uses."""

    name = models.CharField(max_length=255, unique=True)


class Product(models.Model):
    """A product by the shop's own reference (SKU or id); unit_cost is what one piece costs the shop."""

    shop = models.CharField(max_length=64)
    reference = models.CharField(max_length=255)
    name = models.CharField(max_length=500, blank=True, db_default="")
    category = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL)
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit_cost = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True, db_default="")
    replenish_days = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "reference"], name="one_product_per_reference")]
